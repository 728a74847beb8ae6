package dev.slipway.artifacts;

import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The move of a complete staging tree into a sandbox. A file may replace a file or a link that is
/// there; a directory joins a directory; anything else is a conflict, found before anything moves.
/// When a move fails all the same, what had moved is removed again.
///
/// The sandbox is walked without following links, so a link in it is replaced or refused, and never
/// leads a file elsewhere.
final class SandboxEntry {
  private final List<List<String>> moved = new ArrayList<>();

  private SandboxEntry() {}

  static void move(StagingTree tree, Path sandbox) throws IOException {
    var entry = new SandboxEntry();
    try (OpenDirectory target = OpenDirectory.at(sandbox)) {
      entry.merge(tree.top(), target, new ArrayList<>(), false);
      try {
        entry.merge(tree.top(), target, new ArrayList<>(), true);
      } catch (IOException | RuntimeException e) {
        entry.undo(target, e);
        throw e;
      }
    }
  }

  private void merge(OpenDirectory from, OpenDirectory to, List<String> where, boolean moving)
      throws IOException {
    for (String name : from.names()) {
      var here = new ArrayList<>(where);
      here.add(name);
      boolean directory = from.look(name).map(BasicFileAttributes::isDirectory).orElse(false);
      Optional<BasicFileAttributes> there = to.look(name);
      boolean both = directory && there.isPresent() && there.get().isDirectory();
      if (both) {
        try (OpenDirectory below = from.child(name);
            OpenDirectory belowTarget = to.child(name)) {
          merge(below, belowTarget, here, moving);
        }
      } else if (there.isPresent() && (directory || !replaceable(there.get()))) {
        throw new ArtifactProblem(
            "the sandbox has something else at " + SandboxPath.quoted(String.join("/", here)));
      } else if (moving) {
        from.move(name, to);
        moved.add(here);
      }
    }
  }

  private static boolean replaceable(BasicFileAttributes there) {
    return there.isRegularFile() || there.isSymbolicLink();
  }

  private void undo(OpenDirectory sandbox, Exception cause) {
    for (List<String> path : moved.reversed()) {
      try (OpenDirectory directory = sandbox.descendant(path.subList(0, path.size() - 1))) {
        directory.delete(path.getLast());
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
