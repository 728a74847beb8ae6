package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.Node;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads amounts as Kubernetes writes them (`250m`, `24581684Ki`, `1e3`), exactly: what is left of
/// a fraction is rounded down where it is offered and up where it is asked for, so that nothing is
/// placed that the kubelet would refuse.
///
/// @param gpuResource the extended resource that counts GPUs
record Quantities(String gpuResource) {
  private static final String CPU = "cpu";
  private static final String MEMORY = "memory";
  private static final String DISK = "ephemeral-storage";
  private static final String PODS = "pods";

  /// What a node gives: what it does not name it has not.
  Resources offered(@Nullable Map<String, Quantity> amounts) {
    return resources(amounts, RoundingMode.FLOOR);
  }

  /// What a pod or a container asks for.
  Resources requested(@Nullable Map<String, Quantity> amounts) {
    return resources(amounts, RoundingMode.CEILING);
  }

  /// How many pods a node takes.
  static int pods(@Nullable Map<String, Quantity> amounts) {
    return (int) units(amounts, PODS, 0, RoundingMode.FLOOR, Integer.MAX_VALUE);
  }

  /// The request as a whole, where it is made for all containers of a pod together: it stands in
  /// place of their sum for each resource that it names.
  Resources overridden(Resources sum, @Nullable Map<String, Quantity> whole) {
    if (whole == null || whole.isEmpty()) {
      return sum;
    }
    Resources asked = requested(whole);
    return new Resources(
        whole.containsKey(CPU) ? asked.milliCpus() : sum.milliCpus(),
        whole.containsKey(MEMORY) ? asked.memBytes() : sum.memBytes(),
        sum.diskBytes(),
        sum.milliGpus());
  }

  private Resources resources(@Nullable Map<String, Quantity> amounts, RoundingMode rounding) {
    long gpus = units(amounts, gpuResource, 0, rounding, Node.MOST_DEVICES);
    return new Resources(
        units(amounts, CPU, 3, rounding, Node.MOST_MILLI_CPUS),
        units(amounts, MEMORY, 0, rounding, Resources.MOST),
        units(amounts, DISK, 0, rounding, Resources.MOST),
        (int) (gpus * Resources.DEVICE));
  }

  /// @param digits how many decimal digits a unit is below one
  /// @param most what is more counts as this; nothing has it
  private static long units(
      @Nullable Map<String, Quantity> amounts,
      String name,
      int digits,
      RoundingMode rounding,
      long most) {
    Quantity quantity = amounts == null ? null : amounts.get(name);
    if (quantity == null) {
      return 0;
    }
    BigDecimal amount = number(quantity).movePointRight(digits);
    if (amount.signum() <= 0) {
      return 0;
    }
    if (amount.compareTo(BigDecimal.valueOf(most)) >= 0) {
      return most;
    }
    return amount.setScale(0, rounding).longValueExact();
  }

  /// The API server lets nothing else through than numbers; a thing that is none counts as nothing.
  private static BigDecimal number(Quantity quantity) {
    try {
      BigDecimal amount = Quantity.getAmountInBytes(quantity);
      return amount == null ? BigDecimal.ZERO : amount;
    } catch (ArithmeticException | IllegalArgumentException unreadable) {
      return BigDecimal.ZERO;
    }
  }
}
