package dev.slipway.engine.local;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// Gives a prepared sandbox to the task's account. Runs before any process of the task does, while
/// the directory is still closed to all but the platform, so nothing can be swapped below it.
final class SandboxOwner {
  private SandboxOwner() {}

  /// Changes the owner of the directory and all in it, links themselves and not what they point to.
  static void give(Path sandbox, Account account) throws IOException {
    if ((int) Files.getAttribute(sandbox, "unix:uid") == account.uid()) {
      return;
    }
    Files.walkFileTree(
        sandbox,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            // A file with another name elsewhere (a cache, say) is not the task's alone.
            boolean shared =
                attributes.isRegularFile() && (int) Files.getAttribute(file, "unix:nlink") > 1;
            if (!shared) {
              own(file, account);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(
              Path directory, java.io.@org.jspecify.annotations.Nullable IOException problem)
              throws IOException {
            own(directory, account);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  static void own(Path path, Account account) throws IOException {
    Files.setAttribute(path, "unix:uid", account.uid(), LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", account.gid(), LinkOption.NOFOLLOW_LINKS);
  }
}
