package dev.slipway.server.probe;

import dev.slipway.core.instance.TaskId;
import java.util.Optional;

/// What a readiness check said of a task last (Marathon's `readinessCheckResults`).
///
/// @param name the check's
/// @param lastResponse only where the check asks for it to be shown
public record ReadinessResult(
    String name, TaskId task, boolean ready, Optional<Response> lastResponse) {

  /// An answer to a check. That there was none is told as a 504 of ours, as Marathon does.
  ///
  /// @param body at most {@link Web#MAX_BODY} bytes of it
  public record Response(int status, String contentType, String body) {}
}
