package dev.slipway.core.placement;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.NodeRecord;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// One part of the resources, and how it is told to people.
enum Dimension {
  CPUS(Reason.INSUFFICIENT_CPUS, "cpus", 1000, ""),
  MEMORY(Reason.INSUFFICIENT_MEMORY, "mem", Resources.MEBIBYTE, " MiB"),
  DISK(Reason.INSUFFICIENT_DISK, "disk", Resources.MEBIBYTE, " MiB"),
  GPUS(Reason.INSUFFICIENT_GPUS, "gpus", Resources.DEVICE, "");

  private final Reason shortage;
  private final String label;
  private final long unit;
  private final String unitName;

  Dimension(Reason shortage, String label, long unit, String unitName) {
    this.shortage = shortage;
    this.label = label;
    this.unit = unit;
    this.unitName = unitName;
  }

  /// The reason that is given when there is too little of it.
  Reason shortage() {
    return shortage;
  }

  long of(Resources resources) {
    return switch (this) {
      case CPUS -> resources.milliCpus();
      case MEMORY -> resources.memBytes();
      case DISK -> resources.diskBytes();
      case GPUS -> resources.milliGpus();
    };
  }

  /// What is requested beyond what is free. Nothing is missing of what is not requested, not even
  /// where a node has less than nothing left of it.
  long missing(Resources requested, Resources free) {
    long wanted = of(requested);
    return wanted <= 0 ? 0 : Math.max(0, wanted - of(free));
  }

  /// What of a request would have to be freed on a node. Of GPUs it has to be free on one device,
  /// or on whole ones.
  long missing(Resources requested, NodeRecord record) {
    long missing = missing(requested, record.free());
    return this == GPUS
            && DeviceChoice.of(record, requested.milliGpus())
                instanceof DeviceChoice.Lacking lacking
        ? Math.max(missing, lacking.missing())
        : missing;
  }

  String shortageText(Resources requested, Resources free) {
    return "%s %s free < %s requested"
        .formatted(
            label,
            amount(of(free), RoundingMode.FLOOR),
            amount(of(requested), RoundingMode.CEILING));
  }

  /// An amount with its name, such as `mem 128 MiB`.
  String text(long amount, RoundingMode rounding) {
    return label + " " + amount(amount, rounding);
  }

  private String amount(long amount, RoundingMode rounding) {
    return BigDecimal.valueOf(amount)
            .divide(BigDecimal.valueOf(unit), 3, rounding)
            .stripTrailingZeros()
            .toPlainString()
        + unitName;
  }
}
