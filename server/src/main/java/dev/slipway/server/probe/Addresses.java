package dev.slipway.server.probe;

import dev.slipway.core.node.Node;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;

/// Where a node's tasks are asked.
final class Addresses {
  private Addresses() {}

  /// The node's address; over IPv6 the one that its host name has, where its own is an IPv4 one.
  ///
  /// @throws IOException when it has no IPv6 address
  static String of(Node node, boolean ipv6) throws IOException {
    String address = node.address();
    if (!ipv6 || address.contains(":")) {
      return address;
    }
    if (address.startsWith("127.")) {
      return "::1";
    }
    for (InetAddress known : InetAddress.getAllByName(node.hostname())) {
      if (known instanceof Inet6Address) {
        return known.getHostAddress();
      }
    }
    throw new IOException("the node " + node.hostname() + " has no IPv6 address");
  }

  /// An address as the host part of a URI.
  static String host(String address) {
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
