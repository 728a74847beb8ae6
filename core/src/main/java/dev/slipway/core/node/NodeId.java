package dev.slipway.core.node;

/// The name by which an engine knows a machine; stable over restarts of the platform.
public record NodeId(String value) implements Comparable<NodeId> {
  public static final int MOST_LENGTH = 253;

  public NodeId {
    if (value.isBlank() || value.length() > MOST_LENGTH) {
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
