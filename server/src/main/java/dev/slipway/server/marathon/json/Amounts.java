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
    Optional<Integer> gpus,
    Optional<ResourceLimits> limits) {

  static final Resources DEFAULT = Resources.of(1, 128, 0, 0);
  static final String UNLIMITED = "unlimited";

  static Amounts read(Fields app) {
    return new Amounts(
        bounded(app, "cpus", AppLimits.LEAST_CPUS, AppLimits.MOST_CPUS),
        bounded(app, "mem", 0.0, AppLimits.MOST_MEBIBYTES),
        bounded(app, "disk", 0.0, AppLimits.MOST_MEBIBYTES),
        Numbers.bounded(app, "gpus", app.integer("gpus"), 0, AppLimits.MOST_GPUS),
        app.object("resourceLimits")
            .map(
                limits ->
                    new ResourceLimits(
                        limit(limits, "cpus", AppLimits.MOST_CPUS),
                        limit(limits, "mem", AppLimits.MOST_MEBIBYTES))));
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
        gpus.orElse(before.gpus()));
  }
}
