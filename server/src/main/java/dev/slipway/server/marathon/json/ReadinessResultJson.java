package dev.slipway.server.marathon.json;

import dev.slipway.server.probe.ReadinessResult;
import java.util.Optional;

/// What a readiness check said of a task last (`readinessCheckResult.raml`).
///
/// @param name the check's
/// @param lastResponse only where the check asks for it to be shown
public record ReadinessResultJson(
    String name, String taskId, boolean ready, Optional<LastResponseJson> lastResponse) {

  public record LastResponseJson(int status, String contentType, String body) {}

  public static ReadinessResultJson fromView(ReadinessResult result) {
    return new ReadinessResultJson(
        result.name(),
        result.task().value(),
        result.ready(),
        result
            .lastResponse()
            .map(last -> new LastResponseJson(last.status(), last.contentType(), last.body())));
  }
}
