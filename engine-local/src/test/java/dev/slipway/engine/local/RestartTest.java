package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Observed;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.TaskObservation.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.slipway.engine.local.Workshop#tiers")
@SuppressWarnings("NullAway.Init")
class RestartTest {
  private static final Duration LONG = Duration.ofSeconds(15);

  @Parameter IsolationTier tier;
  private Workshop workshop;

  @BeforeEach
  void openWorkshop() throws IOException {
    workshop = Workshop.with(tier);
  }

  @AfterEach
  void closeWorkshop() throws IOException {
    workshop.close();
  }

  private ProcessIdentity supervisor(TaskLaunch launch) throws IOException {
    return ProcessIdentity.read(workshop.files().task(launch.id()).claim(1)).orElseThrow();
  }

  @Test
  void anEndThatNobodySawIsToldWithItsRealCode() throws Exception {
    TaskLaunch launch =
        workshop.run(workshop.shell("until test -e go; do sleep 0.02; done; exit 6"));
    workshop.engine().close();
    Files.createFile(workshop.sandbox(launch).resolve("go"));
    await().until(() -> Files.exists(workshop.files().task(launch.id()).exit()));
    TaskEnd end = workshop.start().awaitEnd(launch.id());
    assertThat(end.reason()).isEqualTo(Reason.EXITED);
    assertThat(end.exitCode()).hasValue(6);
  }

  @Test
  void anEndIsToldAgainAfterARestart() throws Exception {
    TaskLaunch launch = workshop.shell("kill -9 $$");
    TaskEnd end = workshop.end(launch);
    assertThat(workshop.restart().awaitEnd(launch.id())).isEqualTo(end);
    assertThat(workshop.engine().sandbox(launch.id())).isPresent();
  }

  @Test
  void aRecycledNumberIsNeverSignalled() throws Exception {
    TaskLaunch launch = workshop.run(workshop.shell("sleep 300"));
    workshop.engine().close();
    endOutside(launch);
    Process victim = new ProcessBuilder("sleep", "300").start();
    try {
      Path claim = workshop.files().task(launch.id()).claim(1);
      ProcessIdentity gone = ProcessIdentity.read(claim).orElseThrow();
      Files.writeString(claim, victim.pid() + " " + gone.start() + " " + gone.boot() + "\n");
      Observed seen = workshop.start();
      assertThat(seen.awaitEnd(launch.id()).reason()).isEqualTo(Reason.GONE);
      workshop.engine().kill(launch.id(), Duration.ZERO, new Epoch(1));
      assertThat(victim.isAlive()).isTrue();
    } finally {
      victim.destroyForcibly();
    }
  }

  @Test
  void aRestartOfTheMachineIsToldAndNothingSignalled() throws Exception {
    TaskLaunch launch = workshop.run(workshop.shell("sleep 300"));
    workshop.engine().close();
    endOutside(launch);
    Process victim = new ProcessBuilder("sleep", "300").start();
    try {
      ProcessTable.Row row = ProcessTable.row(victim.pid()).orElseThrow();
      Files.writeString(
          workshop.files().task(launch.id()).claim(1),
          row.pid() + " " + row.start() + " 00000000-0000-0000-0000-000000000000\n");
      TaskEnd end = workshop.start().awaitEnd(launch.id());
      assertThat(end).isEqualTo(TaskEnd.of(Reason.GONE, "the machine was restarted"));
      assertThat(victim.isAlive()).isTrue();
    } finally {
      victim.destroyForcibly();
    }
  }

  /// Ends supervisor and task as something outside would, without an exit record.
  private void endOutside(TaskLaunch launch) throws IOException {
    ProcessHandle.of(supervisor(launch).pid()).ifPresent(ProcessHandle::destroyForcibly);
    await()
        .until(
            () -> {
              List<ProcessTable.Row> left = workshop.processes(launch);
              left.forEach(
                  row -> ProcessHandle.of(row.pid()).ifPresent(ProcessHandle::destroyForcibly));
              return left.isEmpty();
            });
    Files.deleteIfExists(workshop.files().task(launch.id()).exit());
  }

  @Test
  void aTaskWhoseSupervisorWasKilledIsEndedAndSaidSo() throws Exception {
    TaskLaunch launch = workshop.run(workshop.shell("setsid sleep 300 & sleep 300"));
    ProcessHandle.of(supervisor(launch).pid()).orElseThrow().destroyForcibly();
    TaskEnd end = workshop.seen().awaitEnd(launch.id());
    assertThat(end.reason()).isEqualTo(Reason.GONE);
    assertThat(end.message()).contains("supervisor");
    await().until(() -> workshop.processes(launch).isEmpty());
  }

  @Test
  void aDamagedRecordEndsItsOwnTaskOnly() throws Exception {
    TaskLaunch damaged = workshop.run(workshop.shell("sleep 300"));
    TaskLaunch whole = workshop.run(workshop.shell("sleep 300"));
    workshop.engine().close();
    Path record = workshop.files().task(damaged.id()).path().resolve("launch");
    Files.writeString(record, Files.readString(record).replace("sleep", "sheep"));
    Observed seen = workshop.start();
    TaskEnd end = seen.awaitEnd(damaged.id());
    assertThat(end.reason()).isEqualTo(Reason.GONE);
    assertThat(end.message()).contains("damaged");
    await().until(() -> workshop.processes(damaged).isEmpty());
    assertThat(seen.statuses(whole.id())).containsExactly(new Status.Running());
  }

  @Test
  void aLaunchThatACrashCutOffIsTakenUpOnce() throws Exception {
    var fetching = new CountDownLatch(1);
    workshop.fetching(
        (artifacts, sandbox, user) -> {
          fetching.countDown();
          new CountDownLatch(1).await();
        });
    workshop.restart();
    TaskLaunch launch = workshop.shell("echo started >>../starts 2>/dev/null; sleep 300");
    workshop.engine().launch(launch);
    fetching.await();
    workshop.fetching((artifacts, sandbox, user) -> {});
    Observed seen = workshop.restart();
    seen.awaitRunning(launch.id());
    // A supervisor of the attempt that was given up must find it taken.
    TaskDirectory files = workshop.files().task(launch.id());
    assertThat(Files.readString(files.claim(1))).isEqualTo("void\n");
    assertThat(ProcessIdentity.read(files.claim(2))).isPresent();
  }

  @Test
  void aKillGoesOnAfterARestart() throws Exception {
    TaskLaunch launch =
        workshop.run(workshop.shell("trap '' TERM; : >ready; while :; do sleep 0.1; done"));
    await().until(() -> Files.exists(workshop.sandbox(launch).resolve("ready")));
    workshop.engine().kill(launch.id(), Duration.ofMillis(800), new Epoch(1));
    Observed seen = workshop.restart();
    assertThat(seen.awaitEnd(launch.id()).reason()).isEqualTo(Reason.KILLED);
  }

  @Test
  void aTaskKilledWhileThePlatformWasAwayKeepsItsReason() throws Exception {
    TaskLaunch launch = workshop.run(workshop.shell("sleep 300"));
    workshop.engine().close();
    workshop
        .files()
        .task(launch.id())
        .writeKill(
            new KillOrder(Reason.DISK_LIMIT, "too large", java.time.Instant.now(), Duration.ZERO));
    TaskEnd end = workshop.start().awaitEnd(launch.id());
    assertThat(end.reason()).isEqualTo(Reason.DISK_LIMIT);
    assertThat(end.message()).isEqualTo("too large");
  }

  @Test
  void tasksOutliveAPlatformThatIsKilled() throws Exception {
    workshop.engine().close();
    Path marker = workshop.directory().resolve("launched");
    Process platform = child(workshop.directory(), tier, marker);
    try {
      await().atMost(LONG).until(() -> Files.exists(marker));
    } finally {
      platform.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    }
    Observed seen = workshop.start();
    var tasks = seen.picture().tasks();
    assertThat(tasks).hasSize(3);
    for (var task : tasks) {
      seen.awaitRunning(task.task());
      Path sandbox = workshop.files().task(task.task()).sandbox();
      assertThat(Files.readString(sandbox.resolve("stdout"))).isEqualTo("begun\n");
    }
  }

  /// A platform of its own that launches three tasks and then waits to be killed.
  private static Process child(Path directory, IsolationTier tier, Path marker) throws IOException {
    var builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Platform.class.getName(),
            directory.toString(),
            tier.label(),
            marker.toString());
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return builder.start();
  }

  @Test
  void oldSandboxesGoFirstAndTheirTasksAreForgotten() throws Exception {
    workshop.close();
    LocalLimits limits = LocalLimits.DEFAULT.withKept(Duration.ofHours(1), 1, Long.MAX_VALUE);
    workshop = new Workshop(s -> s.withIsolation(IsolationDemand.exactly(tier)).withLimits(limits));
    workshop.start();
    TaskLaunch first = workshop.shell("mkdir -p a/b/c; ln -s /etc a/b/link; chmod 000 a/b");
    TaskLaunch second = workshop.shell("true");
    workshop.end(first);
    workshop.end(second);
    await().until(() -> workshop.engine().sandbox(first.id()).isEmpty());
    await().until(() -> workshop.files().names().equals(List.of(second.id().value())));
    assertThat(workshop.engine().sandbox(second.id())).isPresent();
    assertThat(Optional.of(Path.of("/etc/passwd")).filter(Files::exists)).isPresent();
    assertThat(workshop.restart().picture().tasks()).hasSize(1);
  }
}
