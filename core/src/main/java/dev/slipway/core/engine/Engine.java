package dev.slipway.core.engine;

import dev.slipway.core.app.Command;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.volume.VolumeId;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What runs tasks: the processes of this machine, containers, pods.
///
/// An engine that is restarted finds the tasks that run and reports them: no task restarts because
/// the platform did. Methods may be called from any thread.
public interface Engine extends AutoCloseable {
  /// Whose orders the engine takes, read from where that is kept. May be asked at any time, also
  /// before the start. An engine whose tasks end with its process keeps nothing.
  ///
  /// @throws EngineUnavailable when it cannot be read now
  default Fenced fence() {
    return Fenced.NOTHING;
  }

  /// Begins a leadership: the place is this platform's from now on, and every lower epoch is
  /// refused, whatever process comes with it. Comes before the start and before the first order.
  /// The same claim may be made again.
  ///
  /// @param platform the id of the platform, which is in its journal
  /// @throws StaleEpoch when a higher epoch was seen
  /// @throws ForeignPlatform when the place is another platform's, as [Fenced#check] says it
  /// @throws EngineUnavailable when it cannot be said whether the claim is kept; it is to be made
  ///     again
  default void claim(String platform, Epoch epoch) {}

  /// Goes through what a start does, and tells it to the caller alone, so that all is loaded and
  /// connected when the start comes. Changes nothing; may be asked again and again until the start.
  ///
  /// @return what a start would show now; nothing where the engine has nothing to rehearse
  /// @throws RuntimeException when it cannot be seen now
  default Optional<EnginePicture> rehearse() {
    return Optional.empty();
  }

  /// Reports the full picture, then each change. Called once.
  void start(EngineListener listener);

  /// Runs a task, unless it already does or did: launching is idempotent by task id. Returns once
  /// the order is durable with the engine; what comes of it, failures included, is told to the
  /// listener. Where the task runs on another node than the order names, the journal lost an order:
  /// this one fails, and the task goes on.
  ///
  /// @throws StaleEpoch when the engine has seen a higher epoch
  /// @throws ForeignPlatform when another platform claimed the place meanwhile
  /// @throws EngineUnavailable when it cannot be said whether the order is durable; it is to be
  ///     given again
  void launch(TaskLaunch launch);

  /// Ends a task with all its processes: SIGTERM, then SIGKILL after `grace`. The end is told to
  /// the listener, also of a task that is unknown: its launch never arrived then, and does not any
  /// more, since orders for one task keep their order. A task that ended stays as it is.
  ///
  /// @throws StaleEpoch when the engine has seen a higher epoch
  /// @throws ForeignPlatform when another platform claimed the place meanwhile
  /// @throws EngineUnavailable when it cannot be said whether the order is durable; it is to be
  ///     given again
  void kill(TaskId task, Duration grace, Epoch epoch);

  /// The sandbox of a task that runs or ended a while ago.
  Optional<Sandbox> sandbox(TaskId task);

  /// Runs a command in the task's environment, sandbox and isolation, and waits for it.
  ///
  /// @throws IOException when the task does not run or the command ran longer than `timeout`
  CommandOutcome execute(TaskId task, Command command, Duration timeout)
      throws IOException, InterruptedException;

  /// Starts a command in the task's environment, sandbox and isolation, to talk to it while it
  /// runs.
  ///
  /// @param command the program and its arguments
  /// @param terminal the size of its terminal; without one it reads and writes plain streams
  /// @throws IOException when the task does not run, or the engine cannot do this
  default ExecSession exec(TaskId task, List<String> command, Optional<TerminalSize> terminal)
      throws IOException, InterruptedException {
    throw new IOException("this engine runs no commands that are talked to");
  }

  /// The tasks that ended a while ago and whose sandboxes are still there to be looked at.
  default List<TaskObservation> ended() {
    return List.of();
  }

  /// Destroys a persistent volume with all that it holds, for good. A volume that is not there is
  /// destroyed already. An engine without volumes has none.
  ///
  /// @throws IOException when a task still uses the volume, or the disk refuses; nothing is
  /// destroyed
  ///     then, or not all of it, and the call may be made again
  /// @throws StaleEpoch when the engine has seen a higher epoch
  default void destroyVolume(VolumeId volume, Epoch epoch) throws IOException {}

  /// The persistent volumes that exist, as they were last measured.
  default List<StoredVolume> volumes() {
    return List.of();
  }

  /// Stops observing and frees what is held. Tasks go on.
  @Override
  void close();
}
