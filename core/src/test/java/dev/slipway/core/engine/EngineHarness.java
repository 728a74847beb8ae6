package dev.slipway.core.engine;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.Volume;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/// The engine that a contract is held against, and orders to give it.
public interface EngineHarness {
  Duration DEADLINE = Duration.ofSeconds(20);

  /// A new engine over the state that the one before left, if there was one in this test. Whoever
  /// opens it starts it.
  Engine open(SecretReader secrets) throws Exception;

  /// An engine that reads no secrets.
  default Engine open() throws Exception {
    return open(SecretReader.NONE);
  }

  /// How long a task has to run so that the engine tells that it does, also where it hears of it
  /// from others.
  default Duration longEnoughToBeSeen() {
    return Duration.ofMillis(300);
  }

  /// A node that the engine offers.
  NodeId node();

  /// An order to run a shell command with secrets and volumes.
  default TaskLaunch surrounded(
      String line, Secrets secrets, List<Volume> volumes, List<MountedVolume> mounted) {
    return surrounded(shell(line, 1), secrets, volumes, mounted);
  }

  /// The same order with secrets and volumes.
  static TaskLaunch surrounded(
      TaskLaunch plain, Secrets secrets, List<Volume> volumes, List<MountedVolume> mounted) {
    var container =
        new Container(Container.Kind.MESOS, Optional.empty(), volumes, List.of(), Optional.empty());
    return new TaskLaunch(
        plain.id(),
        plain.app(),
        plain.node(),
        plain.epoch(),
        plain.command(),
        plain.environment(),
        plain.resources(),
        plain.fetch(),
        plain.user(),
        plain.hostPorts(),
        plain.devices(),
        new Surroundings(
            Optional.of(container), List.of(), secrets, mounted, Surroundings.NONE.limits(), false),
        plain.version(),
        plain.killGrace());
  }

  default TaskLaunch shell(String line, long epoch) {
    return launch(new Command.Shell(line), Map.of(), epoch);
  }

  /// An order to run a new task of the app `/contract`.
  default TaskLaunch launch(Command command, Map<String, String> environment, long epoch) {
    var app = PathId.of("/contract");
    return new TaskLaunch(
        InstanceId.of(app, UUID.randomUUID()).task(),
        app,
        node(),
        new Epoch(epoch),
        command,
        new TreeMap<>(environment),
        Resources.of(0.1, 64, 0, 0),
        List.of(),
        Optional.empty(),
        List.of());
  }
}
