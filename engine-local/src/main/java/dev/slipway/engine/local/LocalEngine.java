package dev.slipway.engine.local;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Container;
import dev.slipway.core.engine.CommandOutcome;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.EngineListener;
import dev.slipway.core.engine.EnginePicture;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.ExecSession;
import dev.slipway.core.engine.Fenced;
import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.StoredVolume;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TerminalSize;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.volume.VolumeId;
import dev.slipway.engine.local.LocalTask.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The engine that runs tasks as processes of this machine.
///
/// Each task has a supervisor, a small script in its own session that outlives the platform and
/// records how the task ended; the engine keeps nothing that it could not read from the disk again.
/// Work on a task (fetching, starting, ending) is done by a virtual thread of its own; three
/// platform threads hear of ends, look after running tasks and measure disks, whatever the number
/// of tasks.
public final class LocalEngine implements Engine {
  private static final Logger log = LoggerFactory.getLogger(LocalEngine.class);

  private final EngineDirectory directory;
  private final LocalLimits limits;
  private final List<Node> nodes;
  private final String boot = ProcessTable.bootId();
  private final EpochFence fence;
  private final ControlGroups groups;
  private final IsolationTier tier;
  private final Volumes volumes;
  private final Outfitter outfitter;
  private final TaskStart start;
  private final CommandRun commands;
  private final ConcurrentMap<String, LocalTask> tasks = new ConcurrentHashMap<>();
  private final TaskWorkers workers = new TaskWorkers();
  private final Semaphore places;
  private final AtomicBoolean closed = new AtomicBoolean();
  private @Nullable Observing observing;

  /// What exists once a listener is there.
  private record Observing(
      Reporter reporter, TaskFinish finish, TaskKill kill, ExitWatch exits, Upkeep upkeep) {}

  private LocalEngine(Machinery machinery, LocalLimits limits) {
    this.directory = machinery.directory();
    this.nodes = machinery.nodes();
    this.fence = machinery.fence();
    this.groups = machinery.groups();
    this.tier = machinery.tier();
    this.volumes = machinery.volumes();
    this.outfitter = machinery.outfitter();
    this.start = machinery.start();
    this.commands = machinery.commands();
    this.limits = limits;
    this.places = new Semaphore(limits.concurrentStarts());
  }

  /// Prepares the directory and finds out what this machine allows.
  ///
  /// @throws EngineRefusal when the machine does not allow what the settings demand
  /// @throws UncheckedIOException when the directory cannot be used
  public static LocalEngine open(LocalEngineSettings settings) {
    try {
      var engine = new LocalEngine(Machinery.assemble(settings), settings.limits());
      log.info(
          "engine.opened isolation={} memory-limits={} process-limits={} directory={}",
          engine.tier,
          engine.groups.limitMemory(),
          engine.groups.limitProcesses(),
          settings.directory());
      if (engine.tier == IsolationTier.PROCESS) {
        log.warn("engine.isolation.weak tier=process");
      }
      return engine;
    } catch (IOException e) {
      throw new UncheckedIOException("the engine's directory cannot be used", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EngineRefusal("interrupted while the machine was looked at", e);
    }
  }

  /// The tier that tasks started now run in.
  public IsolationTier tier() {
    return tier;
  }

  /// The nodes as they are offered, with the attribute `isolation`.
  public List<Node> nodes() {
    return nodes;
  }

  @Override
  public Fenced fence() {
    return fence.fenced();
  }

  @Override
  public void claim(String platform, Epoch epoch) {
    fence.claim(platform, epoch);
  }

  @Override
  public void start(EngineListener listener) {
    var reporter = new Reporter(listener);
    var finish = new TaskFinish(reporter, outfitter, boot);
    try {
      var retention = new Retention(directory, limits);
      retention.removeLeftovers();
      var exits = new ExitWatch(directory.exits(), this::exited, this::lookAtAll);
      var upkeep =
          new Upkeep(
              tasks.values(),
              boot,
              this::look,
              this::endNow,
              reporter,
              new Upkeep.Disks(retention, volumes),
              task -> tasks.remove(task.directory().name()));
      observing = new Observing(reporter, finish, new TaskKill(finish), exits, upkeep);
      recover(listener);
      exits.start();
      upkeep.start();
      lookAtAll();
    } catch (IOException e) {
      throw new UncheckedIOException("the tasks of this machine cannot be found", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Reads what is on the disk, tells the picture, then goes on with what was under way.
  private void recover(EngineListener listener) throws IOException, InterruptedException {
    var recovery = new Recovery(directory, limits, boot, nodes.getFirst().id());
    List<Recovery.Found> found = recovery.find();
    Set<String> alive = new HashSet<>();
    for (Recovery.Found each : found) {
      TaskDirectory files = each.task().directory();
      tasks.put(files.name(), each.task());
      each.launch().ifPresent(launch -> outfitter.found(files, launch));
      each.launch().ifPresent(launch -> alive.add(files.name()));
    }
    outfitter.removeLeftovers(alive);
    List<TaskObservation> observations =
        found.stream().map(each -> Reporter.observation(each.task())).toList();
    listener.picture(new EnginePicture(nodes, observations));
    var running =
        found.stream()
            .flatMap(each -> each.launch().stream())
            .map(TaskStart::groupName)
            .collect(Collectors.toSet());
    for (TaskGroup stranger : groups.strangers(running)) {
      workers.start(() -> TaskFinish.endStranger(stranger));
    }
    for (Recovery.Found each : found) {
      LocalTask task = each.task();
      if (task.phase() instanceof Phase.Staging) {
        each.launch().ifPresent(launch -> workers.start(() -> stage(task, launch)));
      } else if (task.running().isPresent()) {
        task.order().ifPresent(order -> workers.start(() -> seen().kill().carryOut(task, order)));
      }
    }
    log.info("engine.tasks.found count={}", found.size());
  }

  @Override
  public void launch(TaskLaunch launch) {
    fence.admit(launch.epoch());
    TaskDirectory files = directory.task(launch.id());
    var task =
        new LocalTask(launch.id(), launch.node(), files, new Phase.Staging(), Optional.empty());
    task.lock().lock();
    try {
      LocalTask known = tasks.putIfAbsent(files.name(), task);
      if (known != null) {
        known.kept();
        return;
      }
      keep(launch, files);
    } finally {
      task.lock().unlock();
    }
    seen().reporter().report(task);
    workers.start(() -> stage(task, launch));
  }

  private void keep(TaskLaunch launch, TaskDirectory files) {
    try {
      EngineDirectory.createWalkable(files.path());
      files.writeLaunch(LaunchRecord.encode(launch));
      RecordFile.force(directory.tasks());
    } catch (IOException e) {
      tasks.remove(files.name());
      throw new UncheckedIOException("the order to run " + launch.id() + " cannot be kept", e);
    }
  }

  private void stage(LocalTask task, TaskLaunch launch) {
    task.workedOnBy(Thread.currentThread());
    Optional<TaskEnd> failure;
    try {
      places.acquire();
      try {
        failure = task.order().isPresent() ? killed(task) : attempt(task, launch);
      } finally {
        places.release();
      }
    } catch (InterruptedException e) {
      failure = killed(task);
    }
    Thread.interrupted();
    if (failure.isPresent()) {
      seen().finish().endWithoutRun(task, failure.get());
      return;
    }
    if (task.running().isEmpty()) {
      return;
    }
    if (TaskEndings.hasStarted(task.directory())) {
      seen().reporter().report(task);
    }
    look(task);
    // The order may have come while the supervisor was on its way.
    task.order().ifPresent(order -> workers.start(() -> seen().kill().carryOut(task, order)));
  }

  private Optional<TaskEnd> attempt(LocalTask task, TaskLaunch launch) throws InterruptedException {
    if (nodes.stream().noneMatch(node -> node.id().equals(launch.node()))) {
      return Optional.of(
          TaskEnd.of(Reason.LAUNCH_FAILED, "there is no node '" + launch.node() + "' here"));
    }
    if (launch.command() instanceof Command.ImageDefault
        || launch.surroundings().container().flatMap(Container::image).isPresent()) {
      return Optional.of(TaskEnd.of(Reason.LAUNCH_FAILED, "this node runs no images"));
    }
    return start.start(task, launch);
  }

  /// The end of a task that was to end before it ran; nothing when the engine was closed instead.
  private static Optional<TaskEnd> killed(LocalTask task) {
    return task.order().map(order -> TaskEnd.of(order.reason(), order.message()));
  }

  @Override
  public void kill(TaskId id, Duration grace, Epoch epoch) {
    fence.admit(epoch);
    LocalTask task = tasks.get(EngineDirectory.nameOf(id));
    if (task == null) {
      seen().reporter().neverLaunched(id, nodes.getFirst().id());
      return;
    }
    end(task, order(Reason.KILLED, "killed as ordered", grace));
  }

  private static KillOrder order(Reason reason, String message, Duration grace) {
    Duration given = grace.isNegative() ? Duration.ZERO : grace;
    return new KillOrder(reason, message, Instant.now(), given);
  }

  private void endNow(LocalTask task, Reason reason, String message) {
    if (task.order().isEmpty()) {
      end(task, order(reason, message, Duration.ZERO));
    }
  }

  private void end(LocalTask task, KillOrder given) {
    try {
      Optional<KillOrder> kept = task.orderedToEnd(given);
      if (kept.isPresent() && task.running().isPresent()) {
        workers.start(() -> seen().kill().carryOut(task, kept.get()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the order to end " + task.id() + " cannot be kept", e);
    }
  }

  @Override
  public Optional<Sandbox> sandbox(TaskId id) {
    return Optional.ofNullable(tasks.get(EngineDirectory.nameOf(id)))
        .map(task -> new LocalSandbox(task.directory().sandbox()))
        .filter(LocalSandbox::exists)
        .map(sandbox -> sandbox);
  }

  @Override
  public List<TaskObservation> ended() {
    return tasks.values().stream()
        .filter(task -> task.end().isPresent())
        .map(Reporter::observation)
        .toList();
  }

  @Override
  public void destroyVolume(VolumeId volume, Epoch epoch) throws IOException {
    fence.admit(epoch);
    volumes.destroy(volume);
  }

  @Override
  public List<StoredVolume> volumes() {
    return volumes.all();
  }

  @Override
  public CommandOutcome execute(TaskId id, Command command, Duration timeout)
      throws IOException, InterruptedException {
    return commands.run(known(id), command, timeout);
  }

  @Override
  public ExecSession exec(TaskId id, List<String> command, Optional<TerminalSize> terminal)
      throws IOException, InterruptedException {
    return commands.open(known(id), command, terminal);
  }

  private LocalTask known(TaskId id) throws IOException {
    LocalTask task = tasks.get(EngineDirectory.nameOf(id));
    if (task == null) {
      throw new IOException("task " + id + " is not known");
    }
    return task;
  }

  private void exited(String name) {
    Optional.ofNullable(tasks.get(name)).ifPresent(this::look);
  }

  private void lookAtAll() {
    tasks.values().stream().filter(task -> task.running().isPresent()).forEach(this::look);
  }

  private void look(LocalTask task) {
    workers.start(() -> seen().finish().observe(task));
  }

  private Observing seen() {
    if (observing == null) {
      throw new IllegalStateException("the engine is not started");
    }
    return observing;
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    try {
      if (observing != null) {
        observing.exits().close();
        observing.upkeep().stop();
      }
      workers.stop();
      outfitter.close();
      groups.close();
    } catch (IOException problem) {
      log.warn("engine.close.failed cause=\"{}\"", problem.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
