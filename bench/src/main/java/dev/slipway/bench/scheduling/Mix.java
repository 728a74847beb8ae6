package dev.slipway.bench.scheduling;

import java.util.List;

/// What the tasks of a cell ask for beyond cpu, memory and disk. Shares are of the tasks.
///
/// @param name as on the command line
/// @param sizes whether apps differ in what they take
/// @param spread of tasks that spread over zones with a skew of 1
/// @param labels of tasks that want an architecture, a kind of disk or a zone
/// @param alone of tasks of which a host takes only one an app
/// @param ports of tasks with a fixed host port
/// @param gpus of tasks with devices or a share of one
/// @param pools of tasks that run in one of three pools, where nothing else runs
/// @param affinity of tasks that go to a zone or away from the hosts of another app
public record Mix(
    String name,
    boolean sizes,
    double spread,
    double labels,
    double alone,
    double ports,
    double gpus,
    double pools,
    double affinity) {
  /// Equal tasks without a wish.
  public static final Mix EQUAL = new Mix("equal", false, 0, 0, 0, 0, 0, 0, 0);

  /// Of many sizes, without a wish.
  public static final Mix NONE = new Mix("none", true, 0, 0, 0, 0, 0, 0, 0);

  /// Those with a wish, each kind for itself and together.
  public static final List<Mix> CONSTRAINED =
      List.of(
          new Mix("spread", true, 1, 0, 0, 0, 0, 0, 0),
          new Mix("labels", true, 0, 0.5, 0, 0, 0, 0, 0),
          new Mix("anti-affinity", true, 0, 0, 0.2, 0, 0, 0, 0),
          new Mix("ports", true, 0, 0, 0, 0.2, 0, 0, 0),
          new Mix("gpus", true, 0, 0, 0, 0, 0.1, 0, 0),
          new Mix("pools", true, 0, 0, 0, 0, 0, 0.3, 0),
          new Mix("affinity", true, 0, 0, 0, 0, 0, 0, 0.2),
          new Mix("mixed", true, 0.2, 0.2, 0.1, 0.1, 0.1, 0.2, 0.1));
}
