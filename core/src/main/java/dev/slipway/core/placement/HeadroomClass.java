package dev.slipway.core.placement;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Resources;
import java.util.List;

/// Room that is kept free: so many slots of one size, on nodes of one kind.
///
/// @param count how many slots, from 1 to {@link #MOST_SLOTS}
/// @param resources what each slot has; not nothing, and of nothing less than nothing
/// @param constraints about nodes alone: IS, LIKE, UNLIKE, and CLUSTER with a value
public record HeadroomClass(int count, Resources resources, List<Constraint> constraints) {
  /// Slots of one class, and of all classes together.
  public static final int MOST_SLOTS = 1000;

  public static final int MOST_CONSTRAINTS = 20;

  /// Far beyond any machine, so that sums of slots never overflow: 2^40 thousandths of a core, 2^50
  /// bytes.
  public static final Resources MOST_RESOURCES =
      new Resources(1L << 40, 1L << 50, 1L << 50, 1_000_000);

  public HeadroomClass {
    constraints = List.copyOf(constraints);
    if (count < 1 || count > MOST_SLOTS) {
      throw new IllegalArgumentException("a class has 1 to " + MOST_SLOTS + " slots");
    }
    if (!Resources.NONE.fitsIn(resources)
        || resources.equals(Resources.NONE)
        || !resources.fitsIn(MOST_RESOURCES)) {
      throw new IllegalArgumentException("a slot has something, and of nothing less than nothing");
    }
    if (constraints.size() > MOST_CONSTRAINTS) {
      throw new IllegalArgumentException("at most " + MOST_CONSTRAINTS + " constraints");
    }
    for (Constraint constraint : constraints) {
      if (Rule.dependsOnSiblings(constraint) || constraint.value().isEmpty()) {
        throw new IllegalArgumentException("a slot asks for IS, LIKE, UNLIKE or CLUSTER a value");
      }
    }
  }
}
