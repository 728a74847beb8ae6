package dev.slipway.core.control;

import java.util.Optional;

/// Wishes that become a deployment: worked out on a draft of the root, and then refused as a whole,
/// started, or queued.
final class Wishes {
  private Wishes() {}

  static Reply take(Draft draft, Input.Planned wish) {
    var root = RootDraft.of(draft.state(), draft.now());
    Optional<Reply> refused = workOut(draft, root, wish);
    if (refused.isPresent()) {
      return refused.get();
    }
    boolean waits = wish.terms().queue() && !wish.terms().force();
    if (waits && Backlog.isInTheWay(draft.state(), root.apps().keySet())) {
      return Backlog.add(draft, wish);
    }
    return DeploymentStart.deploy(draft, root, Manner.of(wish.terms()));
  }

  /// Changes the draft as the wish wants it, or tells why that cannot be.
  static Optional<Reply> workOut(Draft draft, RootDraft root, Input.Planned wish) {
    return switch (wish) {
      case Input.ChangeApps change -> RootCommands.changeApps(root, change);
      case Input.RestoreVersion restore ->
          RootCommands.restoreVersion(draft.state(), root, restore);
      case Input.RestartApp restart -> RootCommands.restartApp(root, restart);
      case Input.RemoveApp remove -> RootCommands.removeApp(root, remove);
      case Input.ChangeGroup change -> GroupCommands.changeGroup(root, change);
      case Input.RestoreGroup restore -> GroupCommands.restoreGroup(draft.state(), root, restore);
      case Input.RemoveGroup remove -> GroupCommands.removeGroup(root, remove);
    };
  }
}
