package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.Path;

/// A directory of this machine that the operator lets apps mount, with all below it.
///
/// @param path absolute
/// @param readOnly whether tasks may only read there
public record HostPath(Path path, boolean readOnly) {
  public HostPath {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(
          "a directory to allow is named by its whole path: " + path);
    }
    path = path.normalize();
  }

  /// Reads `/srv/data` or `/srv/data:rw`, which tasks may write to, and `/srv/data:ro`.
  ///
  /// @throws IllegalArgumentException saying what is wrong
  public static HostPath parse(String text) {
    boolean readOnly = text.endsWith(":ro");
    boolean marked = readOnly || text.endsWith(":rw");
    return new HostPath(Path.of(marked ? text.substring(0, text.length() - 3) : text), readOnly);
  }

  /// Where a path leads once its links are followed; itself where nothing is there.
  static Path realOrSelf(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException missing) {
      return path;
    }
  }

  @Override
  public String toString() {
    return path + (readOnly ? ":ro" : ":rw");
  }
}
