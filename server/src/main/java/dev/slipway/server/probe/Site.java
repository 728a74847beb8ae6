package dev.slipway.server.probe;

import dev.slipway.core.node.Node;
import dev.slipway.core.task.Endpoint;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;

/// An address and a port to connect to.
record Site(String address, int port) {
  /// Where to connect to reach an endpoint.
  ///
  /// @param ipv6 whether over IPv6 alone
  /// @throws IOException when it cannot be reached, or not over IPv6
  static Site of(Endpoint endpoint, boolean ipv6) throws IOException {
    return switch (endpoint) {
      case Endpoint.OnNode(Node node, int port) -> new Site(address(node, ipv6), port);
      case Endpoint.OfTask task ->
          new Site(
              task.address(ipv6)
                  .orElseThrow(
                      () -> new IOException("the task has no IPv6 address: " + task.addresses())),
              task.port());
      case Endpoint.Nowhere(String reason) -> throw new IOException(reason);
    };
  }

  /// The node's address; over IPv6 the one that its host name has, where its own is an IPv4 one.
  private static String address(Node node, boolean ipv6) throws IOException {
    String address = node.address();
    if (!ipv6 || Endpoint.isIpv6(address)) {
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

  /// As the authority of a URI.
  @Override
  public String toString() {
    return (Endpoint.isIpv6(address) ? "[" + address + "]" : address) + ":" + port;
  }
}
