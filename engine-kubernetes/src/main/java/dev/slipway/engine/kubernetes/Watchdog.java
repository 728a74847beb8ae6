package dev.slipway.engine.kubernetes;

import java.time.Duration;
import java.util.List;

/// Ends a shell command inside its pod when it runs too long. The API cannot: what its `exec`
/// started goes on when the connection is gone, and a health check that hangs would leave one
/// process more in the pod each time.
///
/// The command runs below a shell that starts a timer beside it. When the time is over, the timer
/// ends all processes of the shell's group, first by SIGTERM, a second later by SIGKILL. Container
/// runtimes give each `exec` a session of its own, so that the group holds nothing else. The shell
/// waits for its timer, since processes left behind would stay as zombies where the task reaps
/// none. An image without `sleep` has no timer.
///
/// The order of the lines matters: a process that was just forked still has its parent's traps, and
/// a signal that arrives then is lost. So the shell sets its own trap after it started the timer,
/// and `sleep` is ended by SIGKILL. A timer that is ended before it set its own is reported by some
/// shells as `Terminated`, which is no output of the command and dropped.
final class Watchdog {
  /// How much longer than its caller waits a command may run.
  private static final Duration SLACK = Duration.ofSeconds(1);

  private static final String SCRIPT =
      """
      (
        trap 'kill -s KILL $! 2>/dev/null; wait; exit' TERM
        sleep "$1" & wait $! || exit
        trap '' TERM
        kill -s TERM -- -$$
        trap 'kill -s KILL $! 2>/dev/null; wait; exit' TERM
        sleep 1 & wait $!
        kill -s KILL -- -$$
      ) </dev/null >/dev/null 2>&1 &
      watchdog=$!
      trap : TERM
      /bin/sh -c "$2"
      code=$?
      kill $watchdog 2>/dev/null
      wait $watchdog 2>/dev/null
      exit $code
      """;

  private Watchdog() {}

  /// Whether a command is one for the shell, which alone can be watched.
  static boolean watches(List<String> argv) {
    return argv.size() == 3 && argv.getFirst().equals("/bin/sh") && argv.get(1).equals("-c");
  }

  /// The same command below a watchdog; a command without a shell as it is.
  static List<String> over(List<String> argv, Duration timeout) {
    if (!watches(argv)) {
      return argv;
    }
    long seconds = timeout.plus(SLACK).plusSeconds(1).minusNanos(1).toSeconds();
    return List.of("/bin/sh", "-c", SCRIPT, "slipway", Long.toString(seconds), argv.getLast());
  }
}
