package dev.slipway.endtoend.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.Terminal;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;

/// Commands beside pods, through the server and with the `slipway` command.
@Order(4)
@ResourceLock(value = Locks.CLUSTER, mode = ResourceAccessMode.READ)
class PodExecTest {
  private static final String CTRL_C = "\u0003";

  @RegisterExtension static final PodServer SERVER = new PodServer("exec");

  private RunningServer server;

  @BeforeEach
  void start() {
    server = SERVER.get();
    server.createAndAwait(App.running("/beside", "echo told >note; exec sleep 3600"));
  }

  @Test
  void outputErrorsAndTheExitCodeAreTheCommands() {
    CommandRun run =
        server.slipway(
            "exec", "/beside", "--", "sh", "-c", "cat note; echo \"in $0\" >&2; exit 7", "a  b");
    assertThat(run).isEqualTo(new CommandRun(7, "told\n", "in a  b\n"));
    String task = server.tasks("/beside").ids().iterator().next();
    assertThat(server.slipway("exec", task, "--", "true").code()).isZero();
    assertThat(server.log()).doesNotContain("cat note");
  }

  @Test
  void atATerminalKeysReachTheCommandAndCtrlCEndsOnlyWhatRunsInIt() {
    try (Terminal terminal = server.slipwayAt(91, 23, "exec", "/beside")) {
      // A kubelet may hand on keys before the size that was sent ahead of them.
      Eventually.holds(
          "the terminal has its size",
          () -> {
            terminal.press("echo size: $(stty size)\r");
            assertThat(terminal.shown()).contains("size: 23 91\n");
          });
      terminal.press("echo begun; sleep 1000\r");
      terminal.awaitShown("\nbegun\n");
      terminal.press(CTRL_C);
      terminal.press("echo code: $?\r");
      terminal.awaitShown("code: 130\n");
      terminal.press("exit 5\r");
      assertThat(terminal.awaitEnd()).as(terminal.shown()).isEqualTo(5);
    }
    assertThat(server.slipway("exec", "/beside", "--", "ps").out()).doesNotContain("sleep 1000");
    assertThat(SERVER.pods().running("/beside")).hasSize(1);
  }

  @Test
  void whoHangsUpEndsTheCommand() {
    try (Terminal terminal = server.slipwayAt(80, 24, "exec", "/beside")) {
      terminal.press("echo begun; sleep 4321\r");
      terminal.awaitShown("\nbegun\n");
    }
    Eventually.holds(
        "the command is gone",
        () ->
            assertThat(server.slipway("exec", "/beside", "--", "ps").out())
                .doesNotContain("sleep 4321"));
  }
}
