package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.Program;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.Starts;
import dev.slipway.endtoend.harness.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// `kill -9` of the server at random moments of rolling updates.
///
/// The moments follow from one seed, which is printed: `-Dslipway.seed=N` takes the same ones
/// again. `-Dslipway.deaths=N` asks for another number of them.
@Order(1)
class SuddenDeathTest {
  private static final int DEATHS = Integer.getInteger("slipway.deaths", 50);
  private static final long SEED = Long.getLong("slipway.seed", System.nanoTime() & 0xffff_ffffL);
  private static final int LATEST_MOMENT_MILLISECONDS = 400;
  private static final int INSTANCES = 4;

  private final Random random = new Random(SEED);

  @Test
  void noDeathOfTheServerRestartsATaskLosesAWriteOrStopsADeployment() throws Exception {
    System.out.println("deaths=" + DEATHS + " -Dslipway.seed=" + SEED);
    try (var server = RunningServer.start("sudden-death")) {
      server.createAndAwait(App.sleeping("/bystander").with("instances", 6));
      server.createAndAwait(version(1));
      Map<String, Program> bystanders = bystanders(server);
      assertThat(bystanders).hasSize(6);
      var starts = new Starts(server.data(), "web");

      int updates;
      try (var writer = Writer.of(server.client())) {
        updates = updateAndKill(server, bystanders, starts);
        Eventually.so("a write is accepted by the last server", writer::hasWrittenAnew);
        writer.stop();
        writer.assertNothingIsLost();
      }

      // Each version took exactly its instances, and each of them began exactly once.
      Map<String, Integer> wanted = new TreeMap<>();
      for (int version = 1; version <= updates + 1; version++) {
        wanted.put("started " + version, INSTANCES);
      }
      Eventually.holds(
          "all is as wanted", () -> assertThat(server.tasks("/web").healthy()).hasSize(INSTANCES));
      assertThat(starts.byLine()).isEqualTo(wanted);
      assertThat(bystanders(server)).isEqualTo(bystanders);
      assertThat(server.client().json("/v2/deployments").isEmpty()).isTrue();
      assertThat(updates).isGreaterThan(DEATHS / 25);
    }
  }

  /// @return how many updates there were
  private int updateAndKill(RunningServer server, Map<String, Program> bystanders, Starts starts)
      throws InterruptedException {
    int updates = 1;
    String deployment = server.change(version(2));
    List<String> ended = new ArrayList<>();
    for (int death = 1; death <= DEATHS; death++) {
      Thread.sleep(random.nextInt(LATEST_MOMENT_MILLISECONDS));
      server.killHard();
      server.start();
      assertThat(bystanders(server)).as("after death " + death).isEqualTo(bystanders);
      if (!isRunning(server, deployment)) {
        server.awaitSuccess(deployment);
        starts.look();
        ended.add(deployment);
        updates++;
        deployment = server.change(version(updates + 1));
      }
    }
    server.awaitSuccess(deployment);
    assertThat(ended).doesNotHaveDuplicates();
    return updates;
  }

  private static boolean isRunning(RunningServer server, String deployment) {
    return server
        .client()
        .json("/api/v1/deployments/" + deployment)
        .path("state")
        .asString()
        .equals("running");
  }

  private static Map<String, Program> bystanders(RunningServer server) {
    var programs = new TreeMap<>(server.programs());
    programs.keySet().removeIf(task -> !task.startsWith("bystander"));
    return programs;
  }

  private static App version(int version) {
    return App.web("/web", Integer.toString(version))
        .with("instances", INSTANCES)
        .with("upgradeStrategy", Map.of("minimumHealthCapacity", 0.5, "maximumOverCapacity", 0.25));
  }
}
