package dev.slipway.server.marathon.event;

import java.net.InetAddress;
import java.util.Optional;

/// Which addresses the platform may connect to where users say to what: one rule for all of it.
@FunctionalInterface
public interface AddressRule {
  /// What is wrong with an address, or nothing.
  Optional<String> objectionTo(InetAddress address);
}
