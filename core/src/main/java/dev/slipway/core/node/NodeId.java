package dev.slipway.core.node;

/// The name by which an engine knows a machine; stable over restarts of the platform.
public record NodeId(String value) implements Comparable<NodeId> {
  public NodeId {
    if (value.isBlank() || value.length() > 253) {
      throw new IllegalArgumentException("a node id has 1 to 253 characters");
    }
  }

  @Override
  public int compareTo(NodeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
