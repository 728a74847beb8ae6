package dev.slipway.core.engine;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;

/// The directory that a task owns, to look at. Paths are relative to it, with `/` between names;
/// what would leave it (`..`, absolute paths, links) is refused.
public interface Sandbox {
  /// One entry of a directory.
  ///
  /// @param mode as `ls -l` shows it, `-rw-r--r--`
  record Entry(
      String path,
      String mode,
      long size,
      Instant modified,
      String owner,
      String group,
      int links) {}

  /// The entries of a directory, by name, not recursive.
  ///
  /// @throws SandboxProblem when the path is refused, missing or not a directory
  List<Entry> list(String path) throws IOException;

  /// The size of a file in bytes.
  ///
  /// @throws SandboxProblem when the path is refused, missing or not a regular file
  long size(String path) throws IOException;

  /// At most `length` bytes from `offset`; fewer at the end of the file.
  ///
  /// @throws SandboxProblem when the path is refused, missing or not a regular file
  byte[] read(String path, long offset, int length) throws IOException;

  /// The whole file as it is now.
  ///
  /// @throws SandboxProblem when the path is refused, missing or not a regular file
  InputStream open(String path) throws IOException;
}
