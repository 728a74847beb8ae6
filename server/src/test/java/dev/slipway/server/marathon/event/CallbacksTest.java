package dev.slipway.server.marathon.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.artifacts.AddressPolicy;
import dev.slipway.server.marathon.MemoryPlatform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Subscribers that are called back over HTTP.
class CallbacksTest {
  private static final AddressRule RULE = AddressPolicy.DEFAULT::objectionTo;
  private static final Callback.Patience IMPATIENT =
      new Callback.Patience(3, Duration.ofMillis(1), Duration.ofMillis(2), Duration.ofMillis(1));
  private static final Callback.Patience STUBBORN =
      new Callback.Patience(1000, Duration.ofMillis(1), Duration.ofMillis(5), Duration.ofHours(1));

  private final MemoryPlatform platform = MemoryPlatform.withNodes();
  private final EventStreams streams = new EventStreams(platform::now);
  private final SubscriptionStore store = SubscriptionStore.inMemory();
  private final Receiver receiver = new Receiver();
  private Callbacks callbacks = callbacks(STUBBORN);

  private Callbacks callbacks(Callback.Patience patience) {
    return new Callbacks(streams, store, RULE, platform::now, patience);
  }

  @AfterEach
  void close() {
    callbacks.close();
    streams.close();
    receiver.close();
  }

  private void publish(String type) {
    streams.publish(MarathonEvent.of(type, MemoryPlatform.START));
  }

  @Test
  void aSubscriberIsToldEveryEventInOrder() {
    assertThat(callbacks.subscribe(receiver.url(), "10.0.0.9").orElseThrow().fields())
        .containsExactlyInAnyOrderEntriesOf(
            java.util.Map.of(
                "eventType", "subscribe_event",
                "timestamp", "2026-01-05T10:00:00.000Z",
                "clientIp", "10.0.0.9",
                "callbackUrl", receiver.url()));
    for (int i = 0; i < 20; i++) {
      publish("deployment_info");
      publish("deployment_success");
    }
    await().until(() -> receiver.types.size() == 41);
    assertThat(receiver.types.subList(0, 3))
        .containsExactly("subscribe_event", "deployment_info", "deployment_success");
    assertThat(receiver.bodies.getFirst())
        .startsWith("{\"eventType\":\"subscribe_event\",\"timestamp\":\"");
  }

  @Test
  void subscribingTwiceIsSubscribingOnce() {
    callbacks.subscribe(receiver.url(), "10.0.0.9");
    callbacks.subscribe(receiver.url(), "10.0.0.9");
    assertThat(callbacks.urls()).containsExactly(receiver.url());
    await().until(() -> receiver.types.size() == 2);
  }

  @Test
  void whoUnsubscribesIsToldNoMoreAndOthersHearOfIt() {
    try (var other = new Receiver()) {
      callbacks.subscribe(receiver.url(), "10.0.0.9");
      callbacks.subscribe(other.url(), "10.0.0.9");
      await().until(() -> receiver.types.size() == 2);
      callbacks.unsubscribe(receiver.url(), "10.0.0.9");
      publish("deployment_info");
      await().until(() -> other.types.contains("deployment_info"));
      assertThat(other.types)
          .containsExactly("subscribe_event", "unsubscribe_event", "deployment_info");
      assertThat(receiver.types).doesNotContain("deployment_info");
      assertThat(callbacks.urls()).containsExactly(other.url());
    }
  }

  @Test
  void anEventThatIsNotTakenIsSentAgain() {
    receiver.status = 500;
    callbacks.subscribe(receiver.url(), "10.0.0.9");
    publish("deployment_info");
    receiver.status = 200;
    await().until(() -> receiver.types.equals(List.of("subscribe_event", "deployment_info")));
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 404, 503})
  void whoNeverTakesAnythingIsGivenUp(int status) {
    callbacks = callbacks(IMPATIENT);
    receiver.status = status;
    var reader =
        new MemoryReader(
            streams
                .attach(Set.of("unsubscribe_event"), true, "10.0.0.8", Optional.empty())
                .orElseThrow());
    callbacks.subscribe(receiver.url(), "10.0.0.9");
    for (int i = 0; i < 5; i++) {
      publish("deployment_info");
    }
    await().until(() -> callbacks.urls().isEmpty());
    await().until(() -> reader.events().equals(List.of("unsubscribe_event")));
    assertThat(store.read()).isEmpty();
    assertThat(receiver.types).isEmpty();
  }

  @Test
  void whoWasGivenUpIsNotCalledBackAfterTheServerWasStartedAnew(@TempDir Path data) {
    var file = new SubscriptionFile(data.resolve(SubscriptionFile.NAME));
    callbacks = new Callbacks(streams, file, RULE, platform::now, IMPATIENT);
    receiver.status = 500;
    callbacks.subscribe(receiver.url(), "10.0.0.9");
    assertThat(file.read()).hasSize(1);
    for (int i = 0; i < 5; i++) {
      publish("deployment_info");
    }
    await().until(() -> callbacks.urls().isEmpty());
    // Asking for the addresses waits for the lock that is held until they were written.
    assertThat(file.read()).isEmpty();
  }

  @Test
  void whoIsStuckHurtsNobody() {
    receiver.holding = true;
    callbacks.subscribe(receiver.url(), "10.0.0.9");
    try (var quick = new Receiver()) {
      callbacks.subscribe(quick.url(), "10.0.0.9");
      for (int i = 0; i < Callback.MAX_WAITING / 2; i++) {
        publish("deployment_info");
      }
      publish("deployment_success");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> quick.types.contains("deployment_success"));
    }
  }

  @Test
  void onlySoManyWaitForASubscriber() {
    receiver.holding = true;
    var stuck =
        new Callback(
            CallbackAddress.parse(receiver.url()), new CallbackPost(RULE), STUBBORN, gone -> {});
    streams.join(stuck);
    for (int i = 0; i < Callback.MAX_WAITING + 10; i++) {
      publish("deployment_info");
    }
    assertThat(stuck.dropped()).isEqualTo(10);
  }

  @Test
  void onlySoManyMaySubscribe() {
    for (int i = 0; i < Callbacks.MAX_SUBSCRIBERS; i++) {
      assertThat(callbacks.subscribe("http://127.0.0.1:9/" + i, "10.0.0.9")).isPresent();
    }
    assertThat(callbacks.subscribe("http://127.0.0.1:9/more", "10.0.0.9")).isEmpty();
    assertThat(callbacks.subscribe("http://127.0.0.1:9/3", "10.0.0.9")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://example.org/",
        "file:///etc/passwd",
        "callback",
        "http:///x",
        "http://u:p@host/",
        "http://host/#x",
        "http://exa mple.org/",
        "javascript:alert(1)"
      })
  void whatIsNoAddressForACallbackIsRefused(String url) {
    assertThat(Callbacks.problem(url)).isPresent();
  }

  @Test
  void cloudsCredentialsAreOutOfReach() {
    for (String address :
        List.of(
            "http://169.254.169.254/",
            "http://0.0.0.0/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
            "http://100.100.100.200/",
            "http://192.0.0.192/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[2002:a9fe:a9fe::1]/",
            "http://[::ffff:169.254.169.254]/",
            "http://2852039166/")) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> CallbackAddress.check(CallbackAddress.parse(address), RULE))
          .as(address)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void subscribersAreCalledBackAfterTheServerWasStartedAnew(@TempDir Path data) throws Exception {
    var file = new SubscriptionFile(data.resolve(SubscriptionFile.NAME));
    callbacks = new Callbacks(streams, file, RULE, platform::now);
    callbacks.subscribe(receiver.url(), "10.0.0.9");
    callbacks.close();
    assertThat(Files.getPosixFilePermissions(file.file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    callbacks = new Callbacks(streams, file, RULE, platform::now);
    callbacks.start();
    assertThat(callbacks.urls()).containsExactly(receiver.url());
    publish("deployment_info");
    await().until(() -> receiver.types.contains("deployment_info"));
  }

  @Test
  void aDamagedFileOfSubscribersStopsNothing(@TempDir Path data) throws Exception {
    Path file = data.resolve(SubscriptionFile.NAME);
    for (String damaged : List.of("", "{", "{\"callbackUrls\": [\"ftp://x\"]}", "[]")) {
      Files.writeString(file, damaged);
      assertThat(new SubscriptionFile(file).read()).as(damaged).isEmpty();
    }
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/etc/hostname"));
    assertThat(new SubscriptionFile(file).read()).isEmpty();
  }
}
