package dev.slipway.bench;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where these tests run.
final class Checkout {
  private Checkout() {}

  static Path find() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("slipway"))) {
      Path parent = directory.getParent();
      if (parent == null) {
        throw new IllegalStateException("these tests run inside a checkout");
      }
      directory = parent;
    }
    return directory;
  }
}
