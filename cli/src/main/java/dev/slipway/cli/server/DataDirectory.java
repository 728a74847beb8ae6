package dev.slipway.cli.server;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a server keeps everything.
final class DataDirectory {
  private DataDirectory() {}

  /// The named one, else SLIPWAY_DATA, else the usual place: for root `/var/lib/slipway`, for
  /// others below their home.
  static Path of(@Nullable Path named, Map<String, String> environment) {
    if (named != null) {
      return named;
    }
    String told = environment.getOrDefault("SLIPWAY_DATA", "");
    if (!told.isEmpty()) {
      return Path.of(told);
    }
    boolean root = "root".equals(System.getProperty("user.name"));
    return root
        ? Path.of("/var/lib/slipway")
        : Path.of(System.getProperty("user.home"), ".local/share/slipway");
  }
}
