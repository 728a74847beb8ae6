package dev.slipway.server.api;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.node.NodeRecord;
import java.util.Locale;
import java.util.SortedMap;

/// A node, as the API shows it.
record NodeText(
    String id,
    String hostname,
    String address,
    String state,
    String since,
    SortedMap<String, String> attributes,
    Amounts capacity,
    Amounts used,
    int instances) {
  static NodeText of(NodeRecord record) {
    var node = record.node();
    return new NodeText(
        node.id().value(),
        node.hostname(),
        node.address(),
        record.state().name().toLowerCase(Locale.ROOT),
        Timestamps.format(record.since()),
        node.attributes(),
        Amounts.of(node.capacity()),
        Amounts.of(record.used()),
        record.instances().size());
  }
}
