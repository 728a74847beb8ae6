package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import java.util.List;
import java.util.Optional;

/// A wish about one app, worked out against what the app is when its turn comes, so that two
/// clients that change different fields at once both get what they asked for.
public record AppChange(PathId id, Revision revision) {

  /// Gives the app as wanted from the app as it is, if it exists. Pure.
  @FunctionalInterface
  public interface Revision {
    Result apply(Optional<AppSpec> current);
  }

  public sealed interface Result {
    record Revised(AppSpec spec) implements Result {}

    record Invalid(List<Problem> problems) implements Result {}
  }
}
