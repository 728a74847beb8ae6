package dev.slipway.server.marathon.json;

import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.ResourceLimits.Limit;
import dev.slipway.core.app.Resources;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The resources that a client names; each stands for itself, unlike all other parts that have
/// parts.
record Amounts(
    Optional<Double> cpus,
    Optional<Double> mem,
    Optional<Double> disk,
    Optional<Integer> milliGpus,
    Optional<ResourceLimits> limits) {

  static final Resources DEFAULT = Resources.of(1, 128, 0, 0);
  static final String UNLIMITED = "unlimited";

  /// What multiplying may make of a decimal fraction.
  private static final double ROUNDING = 1e-9;

  static Amounts read(Fields app) {
    return new Amounts(
        bounded(app, "cpus", AppLimits.LEAST_CPUS, AppLimits.MOST_CPUS),
        bounded(app, "mem", 0.0, AppLimits.MOST_MEBIBYTES),
        bounded(app, "disk", 0.0, AppLimits.MOST_MEBIBYTES),
        milliGpus(app),
        app.object("resourceLimits")
            .map(
                limits ->
                    new ResourceLimits(
                        limit(limits, "cpus", AppLimits.MOST_CPUS),
                        limit(limits, "mem", AppLimits.MOST_MEBIBYTES))));
  }

  /// Whole devices, or a share of one: half of the one and half of another are no use to a task.
  private static Optional<Integer> milliGpus(Fields app) {
    boolean share =
        app.node("gpus")
            .filter(JsonNode::isNumber)
            .map(node -> node.asDouble(0))
            .filter(value -> Double.isFinite(value) && value != Math.rint(value))
            .isPresent();
    if (!share) {
      return Numbers.bounded(app, "gpus", app.integer("gpus"), 0, AppLimits.MOST_GPUS)
          .map(devices -> devices * Resources.DEVICE);
    }
    return app.number("gpus").flatMap(value -> share(app, value));
  }

  private static Optional<Integer> share(Fields app, double value) {
    double thousandths = value * Resources.DEVICE;
    boolean exact = Math.abs(thousandths - Math.rint(thousandths)) < ROUNDING;
    if (value < 0 || value > 1 || !exact) {
      app.wrong(
          "gpus",
          "must be a whole number, or a share of one device: below 1, with at most 3 digits");
      return Optional.empty();
    }
    return Optional.of((int) Math.rint(thousandths));
  }

  private static Optional<Double> bounded(Fields app, String name, double least, double most) {
    return Numbers.bounded(app, name, app.number(name), least, most);
  }

  private static Optional<Limit> limit(Fields limits, String name, double most) {
    if (limits.node(name).filter(JsonNode::isString).isPresent()) {
      if (limits.text(name).filter(UNLIMITED::equals).isPresent()) {
        return Optional.of(new Limit.Unlimited());
      }
      limits.wrong(name, "must be a number or \"unlimited\"");
      return Optional.empty();
    }
    return bounded(limits, name, 0.0, most)
        .map(value -> Resources.of(value, value, 0, 0))
        .map(
            amount ->
                new Limit.AtMost(name.equals("cpus") ? amount.milliCpus() : amount.memBytes()));
  }

  Resources over(Resources before) {
    Resources given = Resources.of(cpus.orElse(0.0), mem.orElse(0.0), disk.orElse(0.0), 0);
    return new Resources(
        cpus.map(value -> given.milliCpus()).orElse(before.milliCpus()),
        mem.map(value -> given.memBytes()).orElse(before.memBytes()),
        disk.map(value -> given.diskBytes()).orElse(before.diskBytes()),
        milliGpus.orElse(before.milliGpus()));
  }
}
