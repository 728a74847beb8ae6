package dev.slipway.server.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.State;
import dev.slipway.server.control.UsageBoard;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An instance's task, as the API shows it.
///
/// @param outdated whether it does not run what the app's newest version says, whatever its own is
/// @param addresses the network addresses that are its own; none where it shares its node's
/// @param healthy null until a health check has said something
record TaskText(
    String id,
    String app,
    Optional<String> node,
    String state,
    String since,
    String version,
    boolean outdated,
    List<Integer> ports,
    Optional<String> host,
    List<String> addresses,
    @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable Boolean healthy,
    Optional<Used> usage,
    Amounts requested) {

  /// What it was measured to use.
  ///
  /// @param cpus cores, lately
  /// @param cpuSeconds since it started
  /// @param mem in MiB, as is the limit; without a limit that is 0
  record Used(double cpus, double cpuSeconds, double mem, double memLimit, int processes) {
    static Used of(UsageBoard.Usage usage) {
      var sample = usage.sample();
      return new Used(
          usage.cpus(),
          sample.cpuSeconds(),
          sample.memBytes() / (double) Resources.MEBIBYTE,
          sample.memLimitBytes() / (double) Resources.MEBIBYTE,
          sample.processes());
    }
  }

  static TaskText of(State state, Instance instance, UsageView usage) {
    Optional<Instance.Place> place = instance.place();
    Resources requested =
        place
            .map(Instance.Place::resources)
            .or(
                () ->
                    state
                        .app(instance.app(), instance.version())
                        .map(app -> app.spec().resources()))
            .orElse(Resources.NONE);
    return new TaskText(
        instance.id().task().value(),
        instance.app().toString(),
        place.map(where -> where.node().value()),
        instance.condition().name().toLowerCase(Locale.ROOT),
        Timestamps.format(instance.since()),
        Timestamps.format(instance.version()),
        isOutdated(state, instance),
        place.map(Instance.Place::hostPorts).orElse(List.of()),
        place
            .flatMap(where -> state.node(where.node()))
            .map(NodeRecord::node)
            .map(n -> n.hostname()),
        instance.addresses(),
        instance.health().orElse(null),
        usage.of(instance.id().task()).map(Used::of),
        Amounts.of(requested));
  }

  private static boolean isOutdated(State state, Instance instance) {
    return state
        .app(instance.app())
        .filter(app -> app.generation().equals(instance.generation()))
        .isEmpty();
  }
}
