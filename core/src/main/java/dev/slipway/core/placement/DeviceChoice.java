package dev.slipway.core.placement;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.NodeRecord;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/// The GPUs that a request gets on a node, or why it gets none.
sealed interface DeviceChoice {
  record Chosen(List<Integer> devices) implements DeviceChoice {}

  /// @param missing how many thousandths would have to be freed, on the right devices
  record Lacking(int missing, String detail) implements DeviceChoice {}

  /// Chooses devices: for a share the one with the least room that it fits into, so that whole ones
  /// stay whole; for whole ones the first that nobody has a share of.
  ///
  /// @param milliGpus below {@link Resources#DEVICE} a share of one device
  static DeviceChoice of(NodeRecord record, int milliGpus) {
    if (milliGpus <= 0) {
      return new Chosen(List.of());
    }
    return milliGpus < Resources.DEVICE ? share(record, milliGpus) : whole(record, milliGpus);
  }

  private static DeviceChoice share(NodeRecord record, int milliGpus) {
    int chosen = -1;
    int most = 0;
    for (int device = 0; device < record.node().devices(); device++) {
      int free = record.freeOf(device);
      most = Math.max(most, free);
      if (free >= milliGpus && (chosen < 0 || free < record.freeOf(chosen))) {
        chosen = device;
      }
    }
    return chosen >= 0
        ? new Chosen(List.of(chosen))
        : new Lacking(
            milliGpus - most,
            "gpus %s free on one device < %s requested".formatted(text(most), text(milliGpus)));
  }

  private static DeviceChoice whole(NodeRecord record, int milliGpus) {
    int wanted = Math.ceilDiv(milliGpus, Resources.DEVICE);
    List<Integer> chosen = new ArrayList<>();
    for (int device = 0; device < record.node().devices() && chosen.size() < wanted; device++) {
      if (record.freeOf(device) >= Resources.DEVICE) {
        chosen.add(device);
      }
    }
    return chosen.size() == wanted
        ? new Chosen(List.copyOf(chosen))
        : new Lacking(
            (wanted - chosen.size()) * Resources.DEVICE,
            "gpus %d free as whole devices < %d requested".formatted(chosen.size(), wanted));
  }

  private static String text(int thousandths) {
    return BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
  }
}
