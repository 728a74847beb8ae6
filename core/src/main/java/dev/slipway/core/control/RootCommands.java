package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.state.State;
import java.util.Optional;

/// Wishes that change apps, worked out on a draft of the root.
final class RootCommands {
  private RootCommands() {}

  /// Changes the draft as the wish wants it, or tells why that cannot be.
  static Optional<Reply> changeApps(RootDraft root, Input.ChangeApps wish) {
    for (AppChange change : wish.changes()) {
      boolean exists = root.root().apps().containsKey(change.id());
      switch (wish.expectation()) {
        case ABSENT -> {
          if (exists) {
            return Optional.of(
                new Reply.Conflict("An app with id [" + change.id() + "] already exists."));
          }
        }
        case PRESENT -> {
          if (!exists) {
            return unknown(change.id());
          }
        }
        case ANY -> {}
      }
      root.revise(change);
    }
    return Optional.empty();
  }

  static Optional<Reply> restoreVersion(State state, RootDraft root, Input.RestoreVersion wish) {
    if (!root.root().apps().containsKey(wish.app())) {
      return unknown(wish.app());
    }
    Optional<App> version = state.app(wish.app(), wish.version());
    if (version.isEmpty()) {
      return Optional.of(
          new Reply.NotFound(
              "App '%s' does not exist in version %s"
                  .formatted(wish.app(), Timestamps.format(wish.version()))));
    }
    root.put(version.get().spec());
    return Optional.empty();
  }

  static Optional<Reply> restartApp(RootDraft root, Input.RestartApp wish) {
    if (!root.root().apps().containsKey(wish.app())) {
      return unknown(wish.app());
    }
    root.restart(wish.app());
    return Optional.empty();
  }

  static Optional<Reply> removeApp(RootDraft root, Input.RemoveApp wish) {
    if (!root.root().apps().containsKey(wish.app())) {
      return unknown(wish.app());
    }
    root.remove(wish.app());
    return Optional.empty();
  }

  private static Optional<Reply> unknown(PathId app) {
    return Optional.of(new Reply.NotFound("App '" + app + "' does not exist"));
  }
}
