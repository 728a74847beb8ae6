package dev.slipway.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The version of this command, written into the jar by the build.
public final class Version {
  private Version() {}

  public static String text() {
    try (var input = Version.class.getResourceAsStream("version.txt")) {
      return input == null
          ? "unknown"
          : new String(input.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
