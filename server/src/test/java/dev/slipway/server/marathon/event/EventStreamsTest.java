package dev.slipway.server.marathon.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.server.control.Transition;
import dev.slipway.server.marathon.MemoryPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Who is told what, without HTTP.
class EventStreamsTest {
  private final MemoryPlatform platform = MemoryPlatform.withNodes();
  private final EventStreams streams = new EventStreams(platform::now);
  private final List<Transition> transitions = new ArrayList<>();

  @BeforeEach
  void listen() {
    platform.listen(transitions::add);
  }

  @AfterEach
  void close() {
    streams.close();
  }

  private MemoryReader join(Set<String> types, Optional<String> lastEventId) {
    return new MemoryReader(streams.attach(types, true, "10.0.0.9", lastEventId).orElseThrow());
  }

  private MemoryReader join() {
    return join(Set.of(), Optional.empty());
  }

  private DeploymentId post(String app) {
    var change =
        new AppChange(
            PathId.of(app), current -> new AppChange.Result.Revised(SampleApps.sleeper(app)));
    var reply =
        platform.submit(new Input.ChangeApps(List.of(change), Input.Expectation.ANY, false));
    return reply instanceof Reply.Deploying deploying
        ? deploying.deployment()
        : new DeploymentId("none");
  }

  /// As after a start of the server.
  private EventStreams anew(List<Transition> past) {
    return new EventStreams(platform::now, past.getLast().sequence(), past);
  }

  private void feed() {
    transitions.forEach(streams);
    transitions.clear();
  }

  private static EventStreams.Post posted() {
    return new EventStreams.Post("10.0.0.8", "/v2/apps", PathId.of("/a"));
  }

  @Test
  void whoJoinsIsToldSo() {
    var reader = join();
    await().until(() -> reader.events().equals(List.of("event_stream_attached")));
    assertThat(reader.text())
        .startsWith("\r\n")
        .endsWith(
            "id: 0.0.1\r\nevent: event_stream_attached\r\ndata: {\"eventType\":"
                + "\"event_stream_attached\",\"timestamp\":\"2026-01-05T10:00:00.000Z\","
                + "\"remoteAddress\":\"10.0.0.9\"}\r\n\r\n");
  }

  @Test
  void onlyTypesThatWereAskedForAreTold() {
    var reader = join(Set.of("deployment_success", "group_change_success"), Optional.empty());
    post("/a");
    platform.settle();
    feed();
    await()
        .until(() -> reader.events().equals(List.of("group_change_success", "deployment_success")));
  }

  @Test
  void aPostIsToldBeforeWhatFollowsEvenWhenItsAnswerComesLater() {
    var reader = join(Set.of("api_post_event", "group_change_success"), Optional.empty());
    try (var announcement = streams.announce()) {
      DeploymentId deployment = post("/a");
      feed();
      announcement.leadsTo(deployment, posted());
    }
    await().until(() -> reader.events().equals(List.of("api_post_event", "group_change_success")));
  }

  @Test
  void aPostIsToldBeforeWhatFollowsWhenItsAnswerComesFirst() {
    var reader = join(Set.of("api_post_event", "group_change_success"), Optional.empty());
    try (var announcement = streams.announce()) {
      announcement.leadsTo(post("/a"), posted());
    }
    feed();
    await().until(() -> reader.events().equals(List.of("api_post_event", "group_change_success")));
  }

  @Test
  void aRefusedPostHoldsNothingUpForLong() {
    var reader = join(Set.of("group_change_success"), Optional.empty());
    try (var announcement = streams.announce()) {
      post("/a");
      feed();
      assertThat(announcement).isNotNull();
      assertThat(reader.events()).isEmpty();
    }
    await().until(() -> reader.events().equals(List.of("group_change_success")));
  }

  @Test
  void aPostThatIsAnnouncedLaterHoldsNothingUp() {
    var reader = join(Set.of("group_change_success"), Optional.empty());
    post("/a");
    feed();
    try (var later = streams.announce()) {
      await().until(() -> reader.events().equals(List.of("group_change_success")));
      assertThat(later).isNotNull();
    }
  }

  @Test
  void whoComesBackIsToldWhatItMissed() {
    var first = join(Set.of("group_change_success", "deployment_success"), Optional.empty());
    post("/a");
    platform.settle();
    feed();
    await().until(() -> first.events().size() == 2);
    String last = first.ids().getFirst();
    var again = join(Set.of("group_change_success", "deployment_success"), Optional.of(last));
    await().until(() -> again.events().equals(List.of("deployment_success")));
    assertThat(again.ids().getFirst()).isEqualTo(first.ids().getLast());
  }

  @Test
  void whoComesBackAfterTheServerWasStartedAnewIsToldWhatItMissed() {
    var types = Set.of("api_post_event", "group_change_success", "deployment_success");
    var first = join(types, Optional.empty());
    DeploymentId deployment;
    try (var announcement = streams.announce()) {
      deployment = post("/a");
      announcement.leadsTo(deployment, posted());
    }
    platform.settle();
    List<Transition> past = List.copyOf(transitions);
    feed();
    await().until(() -> first.events().size() == 3);
    assertThat(first.events())
        .containsExactly("api_post_event", "group_change_success", "deployment_success");
    streams.close();
    for (int i = 0; i < 3; i++) {
      // What is in no journal is forgotten; whoever knows it goes on with what is.
      try (var anew = anew(past)) {
        var again =
            new MemoryReader(
                anew.attach(types, true, "10.0.0.9", Optional.of(first.ids().get(i)))
                    .orElseThrow());
        List<String> expected = first.ids().subList(i + 1, 3);
        await().until(() -> again.ids().equals(expected));
      }
    }
  }

  @Test
  void whatWasMissedBeforeTheServerStartedComesBeforeWhatIsToldSince() {
    post("/a");
    platform.settle();
    List<Transition> past = List.copyOf(transitions);
    transitions.clear();
    post("/b");
    platform.settle();
    try (var anew = anew(past)) {
      transitions.forEach(anew);
      var reader =
          new MemoryReader(
              anew.attach(
                      Set.of("group_change_success", "deployment_success"),
                      true,
                      "10.0.0.9",
                      Optional.of(past.getFirst().sequence() + ".1"))
                  .orElseThrow());
      await().until(() -> reader.events().size() == 4);
      var positions = reader.ids().stream().map(id -> Position.parse(id).orElseThrow()).toList();
      assertThat(positions).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void whoMissedMoreThanIsKnownBeginsAnew() {
    post("/a");
    platform.settle();
    List<Transition> past = List.copyOf(transitions.subList(5, transitions.size()));
    try (var anew = anew(past)) {
      String before = transitions.getFirst().sequence() + ".1";
      var reader =
          new MemoryReader(
              anew.attach(Set.of(), true, "10.0.0.9", Optional.of(before)).orElseThrow());
      await().until(() -> !reader.events().isEmpty());
      assertThat(reader.events()).containsExactly("event_stream_attached");
    }
  }

  @Test
  void whoComesBackWhenNothingIsKnownOfBeforeIsNotToldHalf() {
    try (var anew = new EventStreams(platform::now, 500, List.of())) {
      anew.publish(MarathonEvent.of("api_post_event", MemoryPlatform.START));
      for (String id : List.of("400.1", "499.7.1")) {
        var reader =
            new MemoryReader(
                anew.attach(Set.of("api_post_event"), true, "10.0.0.9", Optional.of(id))
                    .orElseThrow());
        await().until(() -> !reader.text().isEmpty());
        assertThat(reader.events()).as(id).isEmpty();
      }
      var reader =
          new MemoryReader(
              anew.attach(Set.of("api_post_event"), true, "10.0.0.9", Optional.of("500.0"))
                  .orElseThrow());
      await().until(() -> reader.events().equals(List.of("api_post_event")));
    }
  }

  @Test
  void idsRiseAndAreGivenOutOnce() {
    var reader = join();
    post("/a");
    platform.settle();
    feed();
    await().until(() -> reader.events().contains("deployment_success"));
    var positions = reader.ids().stream().map(id -> Position.parse(id).orElseThrow()).toList();
    assertThat(positions).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void whoComesBackWithAnUnknownIdBeginsAnew() {
    post("/a");
    feed();
    for (String id : List.of("999.1", "0.0", "what", "-1.0", "")) {
      var reader = join(Set.of(), Optional.of(id));
      await().until(() -> !reader.events().isEmpty());
      assertThat(reader.events()).as(id).containsExactly("event_stream_attached");
      reader.leave(streams);
    }
  }

  @Test
  void whoReadsTooSlowlyIsCutOffAndHurtsNobody() {
    var stuck =
        new MemoryReader(
            streams.attach(Set.of(), true, "10.0.0.8", Optional.empty()).orElseThrow(), true);
    var quick = join(Set.of("app_terminated_event"), Optional.empty());
    for (int i = 0; i < EventStream.MAX_WAITING + 2; i++) {
      streams.publish(MarathonEvent.of("framework_message_event", MemoryPlatform.START));
    }
    streams.publish(MarathonEvent.of("app_terminated_event", MemoryPlatform.START));
    await().until(stuck::isOver);
    await().until(() -> quick.events().equals(List.of("app_terminated_event")));
    assertThat(quick.isOver()).isFalse();
  }

  @Test
  void onlySoManyMayListen() {
    for (int i = 0; i < EventStreams.MAX_STREAMS; i++) {
      assertThat(streams.attach(Set.of(), true, "10.0.0.1", Optional.empty())).isPresent();
    }
    assertThat(streams.attach(Set.of(), true, "10.0.0.1", Optional.empty())).isEmpty();
  }

  @Test
  void theOthersAreToldWhoLeaves() {
    var leaving = join();
    var staying = join(Set.of("event_stream_detached"), Optional.empty());
    leaving.leave(streams);
    await().until(() -> staying.events().equals(List.of("event_stream_detached")));
    await().until(leaving::isOver);
    assertThat(streams.size()).isEqualTo(1);
  }

  @Test
  void closingEndsAllStreams() {
    var reader = join();
    streams.close();
    await().until(reader::isOver);
    assertThat(streams.attach(Set.of(), true, "10.0.0.1", Optional.empty())).isEmpty();
  }
}
