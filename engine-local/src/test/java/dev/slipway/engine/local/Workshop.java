package dev.slipway.engine.local;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.ArtifactFetcher;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Observed;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// A directory with an engine over it, started and started again; leaves no process behind.
final class Workshop implements AutoCloseable {
  static final PathId APP = PathId.of("/workshop/app");

  private final Path directory;
  private final UnaryOperator<LocalEngineSettings> choice;
  private ArtifactFetcher fetcher = (artifacts, sandbox, user) -> {};
  private SecretReader secrets = SecretReader.NONE;
  private @Nullable LocalEngine engine;
  private Observed seen = new Observed();

  Workshop(UnaryOperator<LocalEngineSettings> choice) throws IOException {
    this.directory = Files.createTempDirectory("slipway-engine-local");
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    this.choice = choice;
  }

  /// A workshop whose engine uses just this tier.
  static Workshop with(IsolationTier tier) throws IOException {
    var workshop = new Workshop(settings -> settings.withIsolation(IsolationDemand.exactly(tier)));
    workshop.start();
    return workshop;
  }

  /// The tiers that work here.
  static Stream<IsolationTier> tiers() throws IOException {
    List<IsolationTier> working = new ArrayList<>();
    for (IsolationTier tier : IsolationTier.values()) {
      try (var workshop = new Workshop(s -> s.withIsolation(IsolationDemand.exactly(tier)))) {
        workshop.open();
        working.add(tier);
      } catch (EngineRefusal notHere) {
        // It is not tried then.
      }
    }
    return working.stream();
  }

  static void assumeRoot() throws IOException {
    Assumptions.assumeTrue(Accounts.self().uid() == 0, "needs root");
  }

  Workshop fetching(ArtifactFetcher changed) {
    fetcher = changed;
    return this;
  }

  Workshop knowing(SecretReader reader) {
    secrets = reader;
    return this;
  }

  Path directory() {
    return directory;
  }

  EngineDirectory files() {
    return new EngineDirectory(directory);
  }

  LocalEngineSettings settings() {
    List<Node> nodes = LocalMachine.probe(directory).nodes(1, Map.of());
    return choice.apply(LocalEngineSettings.of(directory, nodes, fetcher).withSecrets(secrets));
  }

  LocalEngine open() {
    engine = LocalEngine.open(settings());
    return engine;
  }

  Observed start() {
    LocalEngine opened = open();
    seen = new Observed();
    opened.start(seen);
    return seen;
  }

  /// As the platform's end and next start: the tasks go on.
  Observed restart() {
    engine().close();
    return start();
  }

  LocalEngine engine() {
    if (engine == null) {
      throw new IllegalStateException("no engine is open");
    }
    return engine;
  }

  Observed seen() {
    return seen;
  }

  TaskLaunch shell(String line) {
    return launch(new Command.Shell(line), Resources.of(0.1, 64, 0, 0));
  }

  TaskLaunch launch(Command command, Resources resources) {
    return new TaskLaunch(
        InstanceId.of(APP, UUID.randomUUID()).task(),
        APP,
        settings().nodes().getFirst().id(),
        new Epoch(1),
        command,
        new TreeMap<>(),
        resources,
        List.of(),
        Optional.empty(),
        List.of());
  }

  /// Launches and waits until it runs.
  TaskLaunch run(TaskLaunch launch) throws InterruptedException {
    engine().launch(launch);
    seen.awaitRunning(launch.id());
    return launch;
  }

  /// Launches and waits until it ended.
  TaskEnd end(TaskLaunch launch) throws InterruptedException {
    engine().launch(launch);
    return seen.awaitEnd(launch.id());
  }

  TaskEnd kill(TaskLaunch launch, Duration grace) throws InterruptedException {
    engine().kill(launch.id(), grace, new Epoch(1));
    return seen.awaitEnd(launch.id());
  }

  Path sandbox(TaskLaunch launch) {
    return files().task(launch.id()).sandbox();
  }

  String output(TaskLaunch launch, String name) throws IOException {
    return Files.readString(sandbox(launch).resolve(name));
  }

  /// The processes that carry the mark of any task of this workshop or are its supervisors.
  List<ProcessTable.Row> processes(TaskLaunch launch) {
    String mark = Supervisor.MARK + "=" + EngineDirectory.nameOf(launch.id());
    return ProcessTable.all().stream()
        .filter(row -> !row.isDead() && ProcessTable.hasVariable(row.pid(), mark))
        .toList();
  }

  @Override
  public void close() throws IOException {
    if (engine != null) {
      try {
        for (TaskObservation task : tasks()) {
          engine.kill(task.task(), Duration.ZERO, new Epoch(Long.MAX_VALUE));
          seen.awaitEnd(task.task());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      engine.close();
    }
    Tree.delete(directory);
  }

  private List<TaskObservation> tasks() throws IOException, InterruptedException {
    for (String name : files().names()) {
      if (files().named(name).end().isEmpty()) {
        // A fresh look at the disk finds every task, however the test left the engine.
        return restart().picture().tasks();
      }
    }
    return List.of();
  }
}
