package dev.slipway.engine.local;

import dev.slipway.core.engine.ArtifactFetcher;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.engine.local.Accounts.AccountProblem;
import dev.slipway.engine.local.LocalTask.Phase;
import dev.slipway.engine.local.Outfit.OutfitProblem;
import dev.slipway.engine.local.Supervisor.StartProblem;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes a task from its order to its running program: account, ports, sandbox, artifacts, control
/// groups, supervisor.
final class TaskStart {
  private static final Logger log = LoggerFactory.getLogger(TaskStart.class);

  private final Accounts accounts;
  private final ArtifactFetcher fetcher;
  private final Outfitter outfitter;
  private final ControlGroups groups;
  private final Supervisor supervisor;
  private final IsolationTier tier;
  private final LocalLimits limits;

  TaskStart(
      LocalEngineSettings settings,
      Accounts accounts,
      ControlGroups groups,
      Supervisor supervisor,
      Outfitter outfitter,
      IsolationTier tier) {
    this.accounts = accounts;
    this.fetcher = settings.fetcher();
    this.limits = settings.limits();
    this.groups = groups;
    this.supervisor = supervisor;
    this.outfitter = outfitter;
    this.tier = tier;
  }

  /// The name of a task's control groups.
  static String groupName(TaskLaunch launch) {
    String id = launch.id().value();
    return id.substring(id.lastIndexOf(".instance-") + ".instance-".length());
  }

  /// Prepares and starts a task. Afterwards it runs, or the reason is returned why it never will.
  ///
  /// @throws InterruptedException when the engine is closed or the task is to end; then it was not
  /// started, or its supervisor is found at the next start of the engine
  Optional<TaskEnd> start(LocalTask task, TaskLaunch launch) throws InterruptedException {
    try {
      OptionalInt taken = PortCheck.firstInUse(launch.hostPorts());
      if (taken.isPresent()) {
        return failure(
            Reason.PORT_IN_USE,
            "port " + taken.getAsInt() + " is in use by a process that is not a task of ours");
      }
      Account account = accounts.accountFor(launch.app(), launch.user());
      TaskFiles.createSandbox(task.directory());
      fetcher.fetch(launch.fetch(), task.directory().sandbox(), account.label());
      Outfit outfit = outfitter.give(task.directory(), launch, account);
      TaskFiles.handOver(task.directory(), account);
      if (!task.beginStart()) {
        throw new InterruptedException("the task is to end");
      }
      run(task, launch, account, outfit);
      return Optional.empty();
    } catch (FetchFailure e) {
      // Mesos's words, which people search their logs for, and then what it was.
      return failure(
          Reason.FETCH_FAILED,
          "Failed to fetch all URIs for container '%s': %s".formatted(launch.id(), e.getMessage()));
    } catch (OutfitProblem e) {
      return failure(Reason.LAUNCH_FAILED, e.getMessage());
    } catch (AccountProblem e) {
      return failure(Reason.COMMAND_INVALID, e.getMessage());
    } catch (ClosedByInterruptException e) {
      throw new InterruptedException("the task is to end");
    } catch (StartProblem | IOException | RuntimeException e) {
      log.warn("task.launch.failed task={} cause=\"{}\"", launch.id(), e.toString());
      TaskFinish.removeGroup(groups.named(groupName(launch)));
      return failure(Reason.LAUNCH_FAILED, "the task could not be started: " + e.getMessage());
    }
  }

  private void run(LocalTask task, TaskLaunch launch, Account account, Outfit outfit)
      throws IOException, InterruptedException, StartProblem {
    var created = groups.create(groupName(launch), launch.resources(), limits);
    var paths = created.group().directories().stream().map(Object::toString).toList();
    var run = new RunRecord(tier, account, paths, created.memoryLimit());
    task.directory().writeRun(run);
    task.secretsAre(outfit.variables());
    ProcessIdentity identity = supervisor.start(task.directory(), launch, run, outfit);
    task.runs(running(task.directory(), launch, identity, run, limits));
  }

  static Phase.Running running(
      TaskDirectory directory,
      TaskLaunch launch,
      ProcessIdentity identity,
      RunRecord run,
      LocalLimits limits) {
    return new Phase.Running(
        launch,
        identity,
        run,
        new TaskProcesses(directory, identity, run),
        new OutputRotation(directory, run.account(), limits.outputBytes()));
  }

  private static Optional<TaskEnd> failure(Reason reason, @Nullable String message) {
    return Optional.of(TaskEnd.of(reason, String.valueOf(message)));
  }
}
