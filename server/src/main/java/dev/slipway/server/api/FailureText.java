package dev.slipway.server.api;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.state.Failures;
import java.util.Optional;

/// How an app's instances failed: how often, and the last time.
///
/// @param failures how many of this generation
/// @param reason the engine's word, such as `EXITED` or `OUT_OF_MEMORY`
record FailureText(
    String task,
    String node,
    String version,
    String at,
    String reason,
    String message,
    Optional<Integer> exitCode,
    Optional<Integer> signal,
    int failures) {
  static FailureText of(Failures failures) {
    Failures.Failure last = failures.last();
    return new FailureText(
        last.instance().task().value(),
        last.node().value(),
        Timestamps.format(last.version()),
        Timestamps.format(last.at()),
        last.end().reason().name(),
        last.end().message(),
        last.end().exitCode(),
        last.end().signal(),
        failures.count());
  }
}
