package dev.slipway.core.deployment;

import dev.slipway.core.app.UpgradeStrategy;

/// The arithmetic of replacing instances while enough of them stay ready, as Marathon's
/// `TaskReplaceActor.computeRestartStrategy`.
///
/// Instances that keep volumes are bound to their nodes, so that no new one starts before an old
/// one is gone.
///
/// Marathon computes it once and then counts events. Here it is computed anew from what is so now,
/// so that an instance that dies in between, or a platform that restarts, changes nothing about
/// where it leads. Two cases that leave Marathon waiting for ever go on:
///
/// - Old instances that are not ready hold no health capacity; when nothing else can move, one of
///   them goes to make room. One that nothing is heard of does not: it may be serving.
/// - When all new instances are ready, all old ones go, whatever their health was.
public final class RollingUpdate {
  private RollingUpdate() {}

  /// What there is.
  ///
  /// @param wanted instances of the new version
  /// @param ending instances of any version that are being ended and still hold their room
  public record Counts(int wanted, Old old, int ending, Fresh fresh) {}

  /// The instances that are to be replaced and are not being ended.
  ///
  /// @param unready those that are not ready
  /// @param unreachable those that nothing is heard of: they may well be ready
  public record Old(int ready, int unready, int unreachable) {
    int all() {
      return ready + unready + unreachable;
    }
  }

  /// The instances that are not to be replaced and are not being ended.
  ///
  /// @param started all of them, from scheduled on
  /// @param roomless those that no node has room for
  public record Fresh(int ready, int started, int roomless) {}

  /// What to do next: how many old instances to end, those that are not ready first, and how many
  /// new ones to add.
  public record Moves(int kills, int launches) {}

  public static Moves next(Counts counts, UpgradeStrategy strategy) {
    return next(counts, strategy, false);
  }

  /// @param resident whether the instances keep volumes
  public static Moves next(Counts counts, UpgradeStrategy strategy, boolean resident) {
    int wanted = counts.wanted();
    int minHealthy = (int) Math.ceil(wanted * strategy.minimumHealthCapacity());
    int maxCapacity = (int) Math.floor(wanted * (1 + strategy.maximumOverCapacity()));
    Old old = counts.old();
    Fresh fresh = counts.fresh();
    int ready = old.ready() + fresh.ready();
    int killable = Math.max(0, ready - minHealthy);
    if (resident) {
      maxCapacity = wanted;
    }
    if (minHealthy == maxCapacity && maxCapacity <= ready) {
      if (resident) {
        killable = ready - minHealthy + 1;
      } else {
        maxCapacity += 1;
      }
    }
    killable = Math.max(killable, old.all() - wanted);
    if (fresh.ready() >= wanted) {
      killable = old.all();
    }
    int kills = Math.min(old.all(), killable);
    int occupied = old.all() + counts.ending() + fresh.started();
    int launches = Math.max(0, Math.min(wanted - fresh.started(), maxCapacity - occupied));
    boolean stuck =
        kills == 0
            && launches == 0
            && counts.ending() == 0
            && fresh.started() - fresh.roomless() == fresh.ready()
            && old.unready() > 0;
    return new Moves(stuck ? 1 : kills, launches);
  }
}
