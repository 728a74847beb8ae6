package dev.slipway.engine.local;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Observed;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.instance.InstanceId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;

/// A process of its own with an engine that launches three tasks; a test kills it.
final class Platform {
  private Platform() {}

  public static void main(String[] args) throws Exception {
    Path directory = Path.of(args[0]);
    var nodes = LocalMachine.probe(directory).nodes(1, Map.of());
    var engine =
        LocalEngine.open(
            LocalEngineSettings.of(directory, nodes, (artifacts, sandbox, user) -> {})
                .withIsolation(IsolationDemand.exactly(IsolationTier.of(args[1]))));
    var seen = new Observed();
    engine.start(seen);
    for (int i = 0; i < 3; i++) {
      var launch =
          new TaskLaunch(
              InstanceId.of(Workshop.APP, UUID.randomUUID()).task(),
              Workshop.APP,
              nodes.getFirst().id(),
              new Epoch(1),
              new Command.Shell("echo begun; sleep 300"),
              new TreeMap<>(),
              Resources.of(0.1, 64, 0, 0),
              List.of(),
              Optional.empty(),
              List.of());
      engine.launch(launch);
      seen.awaitRunning(launch.id());
    }
    Files.createFile(Path.of(args[2]));
    new CountDownLatch(1).await();
  }
}
