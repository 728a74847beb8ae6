package dev.slipway.core.deployment;

import dev.slipway.core.app.UpgradeStrategy;

/// The arithmetic of replacing instances while enough of them stay ready, as Marathon's
/// `TaskReplaceActor.computeRestartStrategy`.
///
/// Marathon computes it once and then counts events. Here it is computed anew from what is so now,
/// so that an instance that dies in between, or a platform that restarts, changes nothing about
/// where it leads. Two cases that leave Marathon waiting for ever go on:
///
/// - Old instances that are not ready hold no health capacity; when nothing else can move, one of
///   them goes to make room.
/// - When all new instances are ready, all old ones go, whatever their health was.
public final class RollingUpdate {
  private RollingUpdate() {}

  /// What there is.
  ///
  /// @param wanted instances of the new version
  /// @param oldReady old instances that are ready and not being ended
  /// @param oldUnready old instances that are not ready and not being ended
  /// @param ending instances of any version that are being ended and still hold their room
  /// @param newReady new instances that are ready
  /// @param newStarted new instances, from scheduled on, the ready ones included
  /// @param newRoomless those of them that no node has room for
  public record Counts(
      int wanted,
      int oldReady,
      int oldUnready,
      int ending,
      int newReady,
      int newStarted,
      int newRoomless) {
    int old() {
      return oldReady + oldUnready;
    }
  }

  /// What to do next: how many old instances to end, those that are not ready first, and how many
  /// new ones to add.
  public record Moves(int kills, int launches) {}

  public static Moves next(Counts counts, UpgradeStrategy strategy) {
    int wanted = counts.wanted();
    int minHealthy = (int) Math.ceil(wanted * strategy.minimumHealthCapacity());
    int maxCapacity = (int) Math.floor(wanted * (1 + strategy.maximumOverCapacity()));
    int ready = counts.oldReady() + counts.newReady();
    if (minHealthy == maxCapacity && maxCapacity <= ready) {
      maxCapacity += 1;
    }
    int killable = Math.max(0, ready - minHealthy);
    killable = Math.max(killable, counts.old() - wanted);
    if (counts.newReady() >= wanted) {
      killable = counts.old();
    }
    int kills = Math.min(counts.old(), killable);
    int occupied = counts.old() + counts.ending() + counts.newStarted();
    int launches = Math.max(0, Math.min(wanted - counts.newStarted(), maxCapacity - occupied));
    boolean stuck =
        kills == 0
            && launches == 0
            && counts.ending() == 0
            && counts.newStarted() - counts.newRoomless() == counts.newReady()
            && counts.oldUnready() > 0;
    return new Moves(stuck ? 1 : kills, launches);
  }
}
