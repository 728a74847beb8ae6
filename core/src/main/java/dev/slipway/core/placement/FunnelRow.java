package dev.slipway.core.placement;

import java.util.ArrayList;
import java.util.List;

/// A row of the summary that Marathon's queue gives of refused nodes (`rejectSummaryLastOffers`).
///
/// @param reason Marathon's word
/// @param declined how many nodes failed for it first
/// @param processed how many nodes came as far as this reason
public record FunnelRow(String reason, int declined, int processed) {
  /// Marathon's reasons in its order, those that never arise here included: clients look rows up
  /// by place.
  private static final List<String> ORDER =
      List.of(
          "UnfulfilledRole",
          "UnfulfilledConstraint",
          "NoCorrespondingReservationFound",
          "AgentMaintenance",
          "InsufficientCpus",
          "InsufficientMemory",
          "InsufficientDisk",
          "InsufficientGpus",
          "InsufficientPorts",
          "DeclinedScarceResources");

  /// The ten rows for these verdicts.
  public static List<FunnelRow> of(List<NodeVerdict> verdicts) {
    List<FunnelRow> rows = new ArrayList<>();
    int processed = verdicts.size();
    for (String reason : ORDER) {
      int declined =
          (int)
              verdicts.stream()
                  .filter(verdict -> verdict.reason().marathonName().orElse("").equals(reason))
                  .count();
      rows.add(new FunnelRow(reason, declined, processed));
      processed -= declined;
    }
    return List.copyOf(rows);
  }
}
