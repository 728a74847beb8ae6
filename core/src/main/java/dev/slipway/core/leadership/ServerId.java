package dev.slipway.core.leadership;

import java.util.UUID;

/// One server: one process, from its start to its end. The next process on the same machine is
/// another one.
public record ServerId(UUID value) {
  @Override
  public String toString() {
    return value.toString();
  }
}
