package dev.slipway.core.task;

import dev.slipway.core.node.Node;
import java.util.List;
import java.util.Optional;

/// Where something of a task is reached over the network.
public sealed interface Endpoint {
  /// A port of its node.
  record OnNode(Node node, int port) implements Endpoint {}

  /// A port at the task's own addresses.
  record OfTask(List<String> addresses, int port) implements Endpoint {
    public OfTask {
      addresses = List.copyOf(addresses);
    }

    /// The first of its IPv6 addresses; otherwise the first IPv4 one, or the first where it has
    /// none of these.
    public Optional<String> address(boolean ipv6) {
      Optional<String> ofFamily =
          addresses.stream().filter(address -> isIpv6(address) == ipv6).findFirst();
      return ipv6 ? ofFamily : ofFamily.or(() -> addresses.stream().findFirst());
    }
  }

  /// Nowhere.
  ///
  /// @param reason why, as a person reads it
  record Nowhere(String reason) implements Endpoint {}

  /// Of which kind an address is.
  static boolean isIpv6(String address) {
    return address.indexOf(':') >= 0;
  }
}
