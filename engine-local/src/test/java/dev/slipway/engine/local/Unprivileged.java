package dev.slipway.engine.local;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Observed;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.InstanceId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// A process of its own, run by a test without privileges: it runs tasks in one tier and prints
/// what became of them.
final class Unprivileged {
  private Unprivileged() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    var nodes = LocalMachine.probe(directory).nodes(1, Map.of());
    var demand = IsolationDemand.exactly(IsolationTier.of(args[1]));
    try (var engine =
        LocalEngine.open(
            LocalEngineSettings.of(directory, nodes, (artifacts, sandbox, user) -> {})
                .withIsolation(demand))) {
      var seen = new Observed();
      engine.start(seen);
      TaskLaunch ends = launch(nodes.getFirst().id(), "echo $((40 + 2)) >file; exit 7");
      engine.launch(ends);
      System.out.println("exit=" + seen.awaitEnd(ends.id()).exitCode().orElseThrow());
      TaskLaunch runs = launch(nodes.getFirst().id(), "setsid sleep 300 & sleep 300");
      engine.launch(runs);
      seen.awaitRunning(runs.id());
      CommandOutcome beside =
          engine.execute(
              runs.id(),
              new Command.Shell("grep NoNewPrivs /proc/self/status; pwd"),
              Duration.ofSeconds(10));
      System.out.println("beside=" + beside);
      engine.kill(runs.id(), Duration.ofSeconds(5), new Epoch(1));
      System.out.println("end=" + seen.awaitEnd(runs.id()).reason());
    } catch (EngineRefusal refusal) {
      System.out.println("refused: " + refusal.getMessage());
    }
  }

  private static TaskLaunch launch(dev.slipway.core.node.NodeId node, String line) {
    return new TaskLaunch(
        InstanceId.of(Workshop.APP, UUID.randomUUID()).task(),
        Workshop.APP,
        node,
        new Epoch(1),
        new Command.Shell(line),
        new TreeMap<>(),
        Resources.of(0.1, 64, 0, 0),
        List.of(),
        Optional.empty(),
        List.of());
  }
}
