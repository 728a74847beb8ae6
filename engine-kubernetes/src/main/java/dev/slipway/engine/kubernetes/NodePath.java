package dev.slipway.engine.kubernetes;

import java.nio.file.Path;

/// A directory of nodes, with all below it.
///
/// @param path absolute
/// @param readOnly whether tasks may only read there
public record NodePath(Path path, boolean readOnly) {
  public NodePath {
    if (!path.isAbsolute()) {
      throw new IllegalArgumentException(
          "a directory of nodes is named by its whole path: " + path);
    }
    path = path.normalize();
  }

  /// Reads `/srv/data` or `/srv/data:rw`, which tasks may write to, and `/srv/data:ro`.
  ///
  /// @throws IllegalArgumentException saying what is wrong
  public static NodePath parse(String text) {
    boolean readOnly = text.endsWith(":ro");
    boolean marked = readOnly || text.endsWith(":rw");
    return new NodePath(Path.of(marked ? text.substring(0, text.length() - 3) : text), readOnly);
  }

  /// Whether this lets a task mount that directory. Names alone are compared: nobody but the node
  /// knows where its links lead.
  boolean allows(Path other, boolean written) {
    return other.normalize().startsWith(path) && !(written && readOnly);
  }

  @Override
  public String toString() {
    return path + (readOnly ? ":ro" : ":rw");
  }
}
