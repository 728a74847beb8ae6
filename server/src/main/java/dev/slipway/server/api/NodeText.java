package dev.slipway.server.api;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Pressure;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;

/// A node, as the API shows it.
///
/// @param closed why its engine wants no new tasks on it, if so
/// @param mostTasks how many it holds at once, where that is limited
/// @param capacity what it has
/// @param offered what of that tasks may request in all, which may be more processors
record NodeText(
    String id,
    String hostname,
    String address,
    String state,
    Optional<String> closed,
    String since,
    SortedMap<String, String> attributes,
    SortedSet<String> dedicated,
    Amounts capacity,
    Amounts offered,
    Amounts used,
    int instances,
    OptionalInt mostTasks,
    String disruptionRisk,
    PressureText pressure) {
  /// @param cause the noisiest when the level last changed; only with a pressure
  record PressureText(String level, Optional<String> cause) {
    static PressureText of(Pressure pressure) {
      return new PressureText(
          word(pressure.level()), Optional.of(pressure.cause()).filter(text -> !text.isEmpty()));
    }
  }

  static NodeText of(NodeRecord record) {
    var node = record.node();
    return new NodeText(
        node.id().value(),
        node.hostname(),
        node.address(),
        word(record.state()),
        node.closed(),
        Timestamps.format(record.since()),
        node.attributes(),
        node.dedicated(),
        Amounts.of(node.capacity()),
        Amounts.of(record.offered()),
        Amounts.of(record.used()),
        record.instances().size(),
        node.mostTasks(),
        word(node.risk()),
        PressureText.of(record.pressure()));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
