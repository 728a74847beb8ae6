package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.engine.kubernetes.testing.ApiServer;
import dev.slipway.testing.Wire;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What is watched stays in sight whatever happens to the connection: in the end the picture is
/// that of the server.
@SuppressWarnings("NullAway.Init")
class WatchingTest {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static ApiServer api;
  private String namespace;
  private Picture picture;

  @BeforeAll
  static void start() {
    api = ApiServer.start();
  }

  @AfterAll
  static void stop() {
    if (api != null) {
      api.close();
    }
  }

  @BeforeEach
  void beginAnew() {
    namespace = "watching-" + UUID.randomUUID();
    picture = new Picture();
    var made = new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build();
    api.client().resource(made).create();
  }

  /// What was told.
  private static final class Picture implements Watching.Listener<ConfigMap> {
    final Set<String> names = ConcurrentHashMap.newKeySet();
    final AtomicInteger lists = new AtomicInteger();

    @Override
    public void all(List<ConfigMap> objects, long asked) {
      Set<String> there = ConcurrentHashMap.newKeySet();
      objects.forEach(map -> there.add(map.getMetadata().getName()));
      names.retainAll(there);
      names.addAll(there);
      lists.incrementAndGet();
    }

    @Override
    public void seen(ConfigMap map) {
      names.add(map.getMetadata().getName());
    }

    @Override
    public void removed(ConfigMap map) {
      names.remove(map.getMetadata().getName());
    }

    void await(String... wanted) {
      Awaitility.await("the picture is right")
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(names).containsExactlyInAnyOrder(wanted));
    }
  }

  private Watching<ConfigMap> watching(KubernetesClient client) {
    var maps = client.configMaps().inNamespace(namespace);
    var source =
        new Watching.Source<ConfigMap>() {
          @Override
          public KubernetesResourceList<ConfigMap> list(ListOptions options) {
            return maps.list(options);
          }

          @Override
          public Watch watch(ListOptions options, Watcher<ConfigMap> watcher) {
            return maps.watch(options, watcher);
          }
        };
    return new Watching<>("maps", source, picture);
  }

  private static Config through(Wire line) {
    return new ConfigBuilder(api.configuration())
        .withMasterUrl("https://127.0.0.1:" + line.port())
        .build();
  }

  private void create(String name) {
    var map =
        new ConfigMapBuilder()
            .withNewMetadata()
            .withName(name)
            .withNamespace(namespace)
            .endMetadata()
            .build();
    Awaitility.await("written").atMost(PATIENCE).ignoreExceptions().until(() -> created(map));
  }

  private static boolean created(ConfigMap map) {
    // An answer that was lost leaves it written.
    var known = api.client().resource(map);
    return known.get() != null || known.create() != null;
  }

  private void delete(String name) {
    api.client().configMaps().inNamespace(namespace).withName(name).delete();
  }

  @Test
  void changesAreHeardInOneConnection() {
    create("a");
    try (var watching = watching(api.client())) {
      watching.start();
      picture.await("a");
      create("b");
      delete("a");
      picture.await("b");
      assertThat(picture.lists).hasValue(1);
    }
  }

  @Test
  void whatHappensWhileTheServerIsAwayAndWhatComesAfterIsSeen() {
    create("a");
    try (var watching = watching(api.client())) {
      watching.start();
      picture.await("a");
      for (int round = 0; round < 2; round++) {
        api.stopServer();
        api.startServer();
        create("b" + round);
      }
      delete("a");
      picture.await("b0", "b1");
    }
  }

  @Test
  void aLineThatIsCutIsTakenUpAgainAndNothingIsMissed() throws Exception {
    create("a");
    try (var line = Wire.to("127.0.0.1", api.port());
        KubernetesClient client = new KubernetesClientBuilder().withConfig(through(line)).build();
        var watching = watching(client)) {
      watching.start();
      picture.await("a");
      line.cut();
      create("b");
      delete("a");
      assertThat(picture.names).containsExactly("a");
      line.mend();
      picture.await("b");
      create("c");
      picture.await("b", "c");
    }
  }

  @Test
  void aServerThatForgotWhereWeWereIsAskedForEverythingAgain() throws Exception {
    create("a");
    try (var line = Wire.to("127.0.0.1", api.port());
        KubernetesClient client = new KubernetesClientBuilder().withConfig(through(line)).build();
        var watching = watching(client)) {
      watching.start();
      picture.await("a");
      line.cut();
      delete("a");
      create("b");
      // Started anew the server has none of the changes in memory, and the store forgets them.
      api.compact();
      api.stopServer();
      api.startServer();
      create("c");
      int before = picture.lists.get();
      line.mend();
      picture.await("b", "c");
      assertThat(picture.lists).hasValueGreaterThan(before);
      create("d");
      picture.await("b", "c", "d");
    }
  }
}
