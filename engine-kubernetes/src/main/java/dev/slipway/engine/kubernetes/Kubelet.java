package dev.slipway.engine.kubernetes;

import dev.slipway.core.node.NodeId;
import java.net.URI;

/// Where the kubelet of a node answers.
record Kubelet(NodeId node, String address, int port) {
  static final int USUAL_PORT = 10_250;

  /// What its pods use.
  URI summary() {
    String host = address.contains(":") ? "[" + address + "]" : address;
    return URI.create("https://" + host + ":" + port + "/stats/summary");
  }
}
