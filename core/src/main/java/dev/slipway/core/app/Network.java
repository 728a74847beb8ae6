package dev.slipway.core.app;

import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A network that an app's tasks are in (Marathon's `networks`).
///
/// @param name of a container network; other modes have none
public record Network(Mode mode, Optional<String> name, SortedMap<String, String> labels) {
  public static final Network HOST = new Network(Mode.HOST, Optional.empty(), new TreeMap<>());

  public Network {
    labels = Sorted.copyOf(labels);
  }

  public enum Mode {
    /// The node's own: its addresses, its ports.
    HOST,
    /// One of the node's that is only reached through mapped ports.
    BRIDGE,
    /// One in which each task has an address.
    CONTAINER
  }
}
