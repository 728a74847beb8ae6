package dev.slipway.engine.kubernetes;

import java.util.regex.Pattern;

/// Knows the words that kubelets write in place of a log that they do not have. They come as the
/// log itself, with no sign of a failure (seen with Kubernetes 1.20; the texts are those of
/// `kuberuntime/logs` and of `GetContainerLogs`): one line, without an end of line, which what a
/// task printed nearly always has.
final class LostLog {
  /// Longer texts are not looked at: paths hold the names of namespace, pod and container.
  static final int LONGEST = 2048;

  private static final Pattern WORDS =
      Pattern.compile(
          "failed to try resolving symlinks in path \"/[^\"\\n]+\": [^\\n]+"
              + "|failed to open log file \"/[^\"\\n]+\": [^\\n]+"
              + "|unable to retrieve container logs for [a-z-]+://[0-9a-f]+"
              + "|rpc error: code = NotFound desc = [^\\n]*container[^\\n]*");

  private LostLog() {}

  /// Whether a whole log is none.
  static boolean is(String log) {
    return log.length() <= LONGEST && WORDS.matcher(log).matches();
  }
}
