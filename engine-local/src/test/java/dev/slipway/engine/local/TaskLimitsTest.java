package dev.slipway.engine.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.engine.UsageSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("dev.slipway.engine.local.Workshop#tiers")
@SuppressWarnings("NullAway.Init")
class TaskLimitsTest {
  private static final int OUTPUT = 200_000;

  @Parameter IsolationTier tier;
  private Workshop workshop;

  @BeforeEach
  void openWorkshop() throws IOException {
    LocalLimits limits = LocalLimits.DEFAULT.withOutputBytes(OUTPUT).withProcesses(40);
    workshop = new Workshop(s -> s.withIsolation(IsolationDemand.exactly(tier)).withLimits(limits));
    workshop.start();
  }

  @AfterEach
  void closeWorkshop() throws IOException {
    workshop.close();
  }

  private void assumeControlGroups() throws IOException {
    ControlGroups groups = ControlGroups.probe(workshop.directory());
    boolean limiting = groups.limitMemory() && groups.limitProcesses();
    Assumptions.assumeTrue(limiting, "needs control groups");
  }

  @Test
  void aMemoryHogEndsWithItsLimitTold() throws Exception {
    assumeControlGroups();
    // A shell variable that doubles.
    Command hog = new Command.Shell("x=0123456789; while :; do x=$x$x; done");
    TaskEnd end = workshop.end(workshop.launch(hog, Resources.of(1, 32, 0, 0)));
    assertThat(end.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
    assertThat(end.message()).contains("32 MiB");
  }

  @Test
  void aTaskThatSurvivesTheDeathOfItsHogIsEndedToo() throws Exception {
    assumeControlGroups();
    Command hog =
        new Command.Shell(
            "sh -c 'x=0123456789; while :; do x=$x$x; done'; while :; do sleep 1; done");
    TaskEnd end = workshop.end(workshop.launch(hog, Resources.of(1, 32, 0, 0)));
    assertThat(end.reason()).isEqualTo(Reason.OUT_OF_MEMORY);
  }

  @Test
  void aForkBombIsStoppedAndCleared() throws Exception {
    assumeControlGroups();
    TaskLaunch bomb =
        workshop.shell("sh -c 'while :; do sleep 300 & done' & wait; while :; do :; done");
    workshop.run(bomb);
    await().until(() -> workshop.processes(bomb).size() > 30);
    assertThat(workshop.processes(bomb)).hasSizeLessThan(60);
    long begin = System.nanoTime();
    assertThat(workshop.kill(bomb, Duration.ZERO).reason()).isEqualTo(Reason.KILLED);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(5));
    await().until(() -> workshop.processes(bomb).isEmpty());
  }

  @Test
  void aLogFloodStaysBoundedAndTheTaskGoesOn() throws Exception {
    TaskLaunch flood =
        workshop.shell(
            "i=0; while [ $i -lt 40 ]; do head -c 100000 /dev/zero; i=$((i+1));"
                + " sleep 0.05; done; echo last; : >done; sleep 300");
    workshop.run(flood);
    Path sandbox = workshop.sandbox(flood);
    await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(sandbox.resolve("done")));
    await().until(() -> Files.size(sandbox.resolve("stdout")) <= OUTPUT);
    assertThat(Files.size(sandbox.resolve("stdout.1"))).isLessThanOrEqualTo(OUTPUT);
    assertThat(workshop.seen().statuses(flood.id())).hasSize(2);
  }

  @Test
  void aSandboxBeyondItsRequestEndsTheTask() throws Exception {
    Command hog = new Command.Shell("head -c 4000000 /dev/zero >data; sleep 300");
    TaskEnd end = workshop.end(workshop.launch(hog, Resources.of(0.1, 64, 2, 0)));
    assertThat(end.reason()).isEqualTo(Reason.DISK_LIMIT);
    assertThat(end.message()).contains("2 MiB");
  }

  @Test
  void usageIsMeasured() throws Exception {
    TaskLaunch busy = workshop.shell("while :; do :; done");
    workshop.run(busy);
    UsageSample sample = workshop.seen().awaitUsage(busy.id(), s -> s.cpuSeconds() > 0.2);
    assertThat(sample.processes()).isPositive();
    assertThat(sample.memBytes()).isPositive();
    if (sample.memLimitBytes() > 0) {
      assertThat(sample.memLimitBytes()).isEqualTo(64 * Resources.MEBIBYTE);
    }
  }

  @Test
  void aCommandBesideATaskHasItsOutputBounded() throws Exception {
    TaskLaunch launch = workshop.run(workshop.shell("sleep 300"));
    var flood = new Command.Shell("head -c 1000000 /dev/zero; exit 3");
    var outcome = workshop.engine().execute(launch.id(), flood, Duration.ofSeconds(10));
    assertThat(outcome.exitCode()).isEqualTo(3);
    assertThat(outcome.output()).hasSize(CommandRun.LARGEST_OUTPUT);
  }

  @Test
  void controlGroupsAreGoneWithTheirTask() throws Exception {
    TaskLaunch launch = workshop.run(workshop.shell("sleep 300"));
    RunRecord run = workshop.files().task(launch.id()).run().orElseThrow();
    workshop.kill(launch, Duration.ZERO);
    assertThat(run.groups()).noneMatch(group -> Files.exists(Path.of(group)));
  }

  @Test
  void withoutControlGroupsTasksRunAndEndAsWell() throws Exception {
    workshop.close();
    workshop =
        new Workshop(s -> s.withIsolation(IsolationDemand.exactly(tier)).withControlGroups(false));
    workshop.start();
    TaskLaunch launch =
        workshop.run(
            workshop.shell(
                "setsid sh -c 'trap \"\" TERM; : >daemon; sleep 300' & while :; do :; done"));
    workshop.seen().awaitUsage(launch.id(), sample -> sample.cpuSeconds() > 0.1);
    await().until(() -> Files.exists(workshop.sandbox(launch).resolve("daemon")));
    assertThat(workshop.kill(launch, Duration.ofMillis(100)).reason()).isEqualTo(Reason.KILLED);
    await().until(() -> workshop.processes(launch).isEmpty());
  }
}
