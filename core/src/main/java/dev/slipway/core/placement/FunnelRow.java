package dev.slipway.core.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

  /// The ten rows for what the nodes say.
  public static List<FunnelRow> of(Survey survey) {
    List<FunnelRow> rows = new ArrayList<>();
    int processed = survey.nodes();
    for (String word : ORDER) {
      int declined = 0;
      for (Map.Entry<Reason, Integer> counted : survey.byReason().entrySet()) {
        boolean meant = counted.getKey().marathonName().filter(word::equals).isPresent();
        declined += meant ? counted.getValue() : 0;
      }
      rows.add(new FunnelRow(word, declined, processed));
      processed -= declined;
    }
    return List.copyOf(rows);
  }
}
