package dev.slipway.cli.server;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where a server keeps everything.
final class DataDirectory {
  private DataDirectory() {}

  /// The named one, else SLIPWAY_DATA, else the usual place: for root `/var/lib/slipway`, for
  /// others below their home.
  static Path of(@Nullable Path named, Reading read) {
    return read.text("--data", named).map(Path::of).orElseGet(DataDirectory::usual);
  }

  private static Path usual() {
    boolean root = "root".equals(System.getProperty("user.name"));
    return root
        ? Path.of("/var/lib/slipway")
        : Path.of(System.getProperty("user.home"), ".local/share/slipway");
  }
}
