package dev.slipway.core.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.app.Command;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.node.Node;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What every engine keeps to. A module's test implements it and gives an engine that runs POSIX
/// shell commands.
public interface EngineContract extends SurroundingsContract {
  @Test
  default void thePictureComesFirstAndOffersTheNodes() throws Exception {
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      assertThat(seen.picture().nodes()).extracting(Node::id).contains(node());
      assertThat(seen.picture().tasks()).isEmpty();
    }
  }

  @Test
  default void aTaskRunsAndItsExitCodeIsTold() throws Exception {
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      TaskLaunch good = shell("echo hello; exit 0", 1);
      TaskLaunch bad = shell("exit 3", 1);
      engine.launch(good);
      engine.launch(bad);
      assertThat(seen.awaitEnd(good.id()).successful()).isTrue();
      TaskEnd failed = seen.awaitEnd(bad.id());
      assertThat(failed.reason()).isEqualTo(Reason.EXITED);
      assertThat(failed.exitCode()).hasValue(3);
      assertThat(seen.statuses(good.id())).doesNotHaveDuplicates();
      Sandbox sandbox = engine.sandbox(good.id()).orElseThrow();
      assertThat(sandbox.read("stdout", 0, 100)).asString().isEqualTo("hello\n");
    }
  }

  @Test
  default void launchingTwiceRunsOnceEvenAfterTheEnd() throws Exception {
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      TaskLaunch launch = shell("echo once", 1);
      engine.launch(launch);
      engine.launch(launch);
      seen.awaitEnd(launch.id());
      engine.launch(launch);
      TaskLaunch after = shell("true", 1);
      engine.launch(after);
      seen.awaitEnd(after.id());
      Sandbox sandbox = engine.sandbox(launch.id()).orElseThrow();
      assertThat(sandbox.read("stdout", 0, 100)).asString().isEqualTo("once\n");
      assertThat(seen.statuses(launch.id())).filteredOn(s -> s instanceof Status.Ended).hasSize(1);
    }
  }

  @Test
  default void argumentsAndVariablesArriveUnchanged() throws Exception {
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      String odd = "a b'c\"d$HOME`id`\\n\n\tü€;|&*?";
      var environment = Map.of("ODD", odd, "dotted.name-x", odd, "i", "7", "SLIPWAY_MODE", "x");
      TaskLaunch launch =
          launch(
              new Command.Arguments(
                  List.of(
                      "/bin/sh", "-c", "printf '%s|' \"$@\" \"$ODD\" \"$i\"; env", "sh", odd, "")),
              environment,
              1);
      engine.launch(launch);
      assertThat(seen.awaitEnd(launch.id()).successful()).isTrue();
      Sandbox sandbox = engine.sandbox(launch.id()).orElseThrow();
      String output = new String(sandbox.read("stdout", 0, 100_000), UTF_8);
      assertThat(output).startsWith(odd + "||" + odd + "|7|");
      assertThat(output).contains("\nSLIPWAY_MODE=x\n").contains("\nMESOS_SANDBOX=");
      // Shells pass over names that they do not take, so another program shows them.
      TaskLaunch shown = launch(new Command.Arguments(List.of("env")), environment, 1);
      engine.launch(shown);
      assertThat(seen.awaitEnd(shown.id()).successful()).isTrue();
      Sandbox other = engine.sandbox(shown.id()).orElseThrow();
      assertThat(new String(other.read("stdout", 0, 100_000), UTF_8))
          .contains("dotted.name-x=" + odd)
          .contains("ODD=" + odd);
    }
  }

  @Test
  default void aKilledTaskEndsWithAllItsProcesses() throws Exception {
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      TaskLaunch launch = shell("trap '' TERM; while :; do sleep 1; done", 1);
      engine.launch(launch);
      seen.awaitRunning(launch.id());
      engine.kill(launch.id(), Duration.ofMillis(300), new Epoch(1));
      assertThat(seen.awaitEnd(launch.id()).reason()).isEqualTo(Reason.KILLED);
      engine.kill(launch.id(), Duration.ZERO, new Epoch(1));
      TaskLaunch unknown = shell("never launched", 1);
      engine.kill(unknown.id(), Duration.ZERO, new Epoch(1));
      assertThat(seen.awaitEnd(unknown.id()).reason()).isEqualTo(Reason.KILLED);
    }
  }

  @Test
  default void anOlderEpochIsRefusedAlsoByTheNextEngine() throws Exception {
    TaskLaunch launch = shell("sleep 100", 7);
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      engine.launch(launch);
      seen.awaitRunning(launch.id());
      assertThatThrownBy(() -> engine.launch(shell("true", 6))).isInstanceOf(StaleEpoch.class);
    }
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      assertThatThrownBy(() -> engine.kill(launch.id(), Duration.ZERO, new Epoch(6)))
          .isInstanceOf(StaleEpoch.class);
      engine.kill(launch.id(), Duration.ZERO, new Epoch(7));
      assertThat(seen.awaitEnd(launch.id()).reason()).isEqualTo(Reason.KILLED);
    }
  }

  @Test
  default void aClaimIsKeptAndAnotherPlatformRefused() throws Exception {
    try (Engine engine = open()) {
      assertThat(engine.fence().platform()).isEmpty();
      engine.fence().check("");
      engine.claim("one", new Epoch(4));
      engine.claim("one", new Epoch(4));
      assertThat(engine.fence().epoch()).isEqualTo(new Epoch(4));
    }
    try (Engine engine = open()) {
      Fenced fenced = engine.fence();
      assertThat(fenced.platform()).hasValue("one");
      assertThat(fenced.epoch()).isEqualTo(new Epoch(4));
      assertThat(fenced.tasks()).isZero();
      assertThatThrownBy(() -> fenced.check(""))
          .isInstanceOf(ForeignPlatform.class)
          .hasMessageContaining("this journal is empty")
          .hasMessageContaining(fenced.surrender());
      assertThatThrownBy(() -> engine.claim("two", new Epoch(9)))
          .isInstanceOf(ForeignPlatform.class)
          .hasMessageContaining("the platform one (no task of it runs now)")
          .hasMessageContaining("the platform two");
      assertThatThrownBy(() -> engine.claim("one", new Epoch(3))).isInstanceOf(StaleEpoch.class);
      engine.claim("one", new Epoch(5));
      engine.start(new Observed());
      assertThatThrownBy(() -> engine.launch(shell("true", 4))).isInstanceOf(StaleEpoch.class);
    }
  }

  @Test
  default void tasksThatRunAreCountedBeforeTheStart() throws Exception {
    TaskLaunch launch = shell("sleep 100", 2);
    try (Engine engine = open()) {
      engine.claim("one", new Epoch(2));
      var seen = new Observed();
      engine.start(seen);
      engine.launch(launch);
      seen.awaitRunning(launch.id());
    }
    try (Engine engine = open()) {
      assertThat(engine.fence().tasks()).isEqualTo(1);
      engine.claim("one", new Epoch(3));
      var seen = new Observed();
      engine.start(seen);
      engine.kill(launch.id(), Duration.ZERO, new Epoch(3));
      seen.awaitEnd(launch.id());
      assertThat(engine.fence().tasks()).isZero();
    }
  }

  @Test
  default void tasksGoOnWithoutTheEngineAndAreFoundAgain() throws Exception {
    TaskLaunch runs =
        shell("echo $$ >>starts; while ! test -e stop; do sleep 0.1; done; exit 4", 1);
    TaskLaunch ends = shell("sleep " + longEnoughToBeSeen().toMillis() / 1000.0 + "; exit 5", 1);
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      engine.launch(runs);
      engine.launch(ends);
      seen.awaitRunning(runs.id());
      seen.awaitRunning(ends.id());
    }
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      assertThat(seen.picture().tasks())
          .extracting(TaskObservation::task)
          .contains(runs.id(), ends.id());
      assertThat(seen.awaitEnd(ends.id()).exitCode()).hasValue(5);
      seen.awaitRunning(runs.id());
      CommandOutcome stopped =
          engine.execute(runs.id(), new Command.Shell("cat starts; touch stop"), DEADLINE);
      assertThat(stopped.exitCode()).isZero();
      assertThat(stopped.output().lines()).hasSize(1);
      assertThat(seen.awaitEnd(runs.id()).exitCode()).hasValue(4);
    }
  }

  @Test
  default void aCommandRunsInTheTasksSurroundings() throws Exception {
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      TaskLaunch launch =
          launch(new Command.Shell("echo data >file; sleep 100"), Map.of("COLOR", "green"), 1);
      engine.launch(launch);
      seen.awaitRunning(launch.id());
      var command =
          new Command.Shell(
              "until test -e file; do sleep 0.01; done; cat file; echo $COLOR; exit 9");
      CommandOutcome outcome = engine.execute(launch.id(), command, DEADLINE);
      assertThat(outcome).isEqualTo(new CommandOutcome(9, "data\ngreen\n"));
      assertThatThrownBy(
              () ->
                  engine.execute(
                      launch.id(), new Command.Shell("sleep 100"), Duration.ofMillis(200)))
          .isInstanceOf(java.io.IOException.class);
      engine.kill(launch.id(), Duration.ZERO, new Epoch(1));
      seen.awaitEnd(launch.id());
      assertThatThrownBy(() -> engine.execute(launch.id(), command, DEADLINE))
          .isInstanceOf(java.io.IOException.class);
    }
  }

  @Test
  default void aProgramThatIsNotThereNeverRuns() throws Exception {
    try (Engine engine = open()) {
      var seen = new Observed();
      engine.start(seen);
      for (String program : List.of("no-such-program", "/no/such/program")) {
        TaskLaunch launch = launch(new Command.Arguments(List.of(program, "x")), Map.of(), 1);
        engine.launch(launch);
        TaskEnd end = seen.awaitEnd(launch.id());
        assertThat(end.reason()).isEqualTo(Reason.COMMAND_INVALID);
        assertThat(end.message()).contains(program);
        assertThat(seen.statuses(launch.id())).doesNotHaveAnyElementsOfTypes(Status.Running.class);
      }
    }
  }

  @Test
  default void endedTasksAreToldWhileTheirSandboxesAreThere() throws Exception {
    TaskLaunch launch = shell("echo x", 1);
    for (int start = 0; start < 2; start++) {
      try (Engine engine = open()) {
        var seen = new Observed();
        engine.start(seen);
        engine.launch(launch);
        seen.awaitEnd(launch.id());
        assertThat(engine.ended()).extracting(TaskObservation::task).contains(launch.id());
        assertThat(engine.sandbox(launch.id())).isPresent();
      }
    }
  }
}
