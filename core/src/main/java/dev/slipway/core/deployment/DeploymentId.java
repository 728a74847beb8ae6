package dev.slipway.core.deployment;

import java.util.UUID;

/// The identity of a deployment, a UUID in its usual form.
public record DeploymentId(String value) implements Comparable<DeploymentId> {
  public DeploymentId {
    if (value.isBlank() || value.length() > 64) {
      throw new IllegalArgumentException("'" + value + "' is not a deployment id");
    }
  }

  public static DeploymentId of(UUID uuid) {
    return new DeploymentId(uuid.toString());
  }

  @Override
  public int compareTo(DeploymentId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
