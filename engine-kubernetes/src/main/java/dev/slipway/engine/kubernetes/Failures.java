package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Optional;

/// Reads what went wrong with a request.
final class Failures {
  static final int FORBIDDEN = 403;
  static final int NOT_FOUND = 404;
  static final int CONFLICT = 409;
  static final int GONE = 410;

  private static final int LONGEST_LINE = 500;
  private static final int DEEPEST = 20;

  private Failures() {}

  /// One line for people: what the server said, or why it could not be asked.
  static String line(KubernetesClientException failure) {
    String said =
        Optional.ofNullable(failure.getStatus())
            .map(Status::getMessage)
            .or(() -> Optional.ofNullable(failure.getCause()).map(Failures::described))
            .or(() -> Optional.ofNullable(failure.getMessage()))
            .orElse("the server did not say why");
    String line = said.replaceAll("\\s+", " ").strip();
    return line.length() > LONGEST_LINE ? line.substring(0, LONGEST_LINE) + "..." : line;
  }

  /// The innermost cause says what happened; those around it say only that something did.
  private static String described(Throwable cause) {
    Throwable inner = cause;
    for (int depth = 0; inner.getCause() != null && depth < DEEPEST; depth++) {
      inner = inner.getCause();
    }
    String kind = inner.getClass().getSimpleName();
    return inner.getMessage() == null ? kind : kind + ": " + inner.getMessage();
  }

  /// Whether a user has no right. An API server says so of everybody's rights until it has read
  /// them. What a quota forbids is said in other words.
  static boolean isUnread(KubernetesClientException failure) {
    return failure.getCode() == FORBIDDEN && line(failure).contains("forbidden: User ");
  }

  /// How long the server wants to be left alone.
  static Optional<Duration> retryAfter(KubernetesClientException failure) {
    return Optional.ofNullable(failure.getStatus())
        .map(Status::getDetails)
        .map(StatusDetails::getRetryAfterSeconds)
        .filter(seconds -> seconds > 0)
        .map(Duration::ofSeconds);
  }
}
