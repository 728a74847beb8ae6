package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Reads how a command ended from the last message of its `exec`.
final class ExecStatus {
  private ExecStatus() {}

  /// @throws IOException when the command was not started, or its exit code is not told
  static int exitCode(Status status) throws IOException {
    if ("Success".equals(status.getStatus())) {
      return 0;
    }
    Optional<String> code =
        Optional.ofNullable(status.getDetails())
            .map(StatusDetails::getCauses)
            .orElse(List.of())
            .stream()
            .filter(cause -> "ExitCode".equals(cause.getReason()))
            .map(StatusCause::getMessage)
            .findFirst();
    if (!"NonZeroExitCode".equals(status.getReason()) || code.isEmpty()) {
      throw new IOException("the command was not run: " + status.getMessage());
    }
    try {
      return Integer.parseInt(code.get());
    } catch (NumberFormatException odd) {
      throw new IOException("the command ended with \"" + code.get() + "\" for an exit code", odd);
    }
  }
}
