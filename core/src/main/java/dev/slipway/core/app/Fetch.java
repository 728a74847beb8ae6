package dev.slipway.core.app;

import java.util.Optional;

/// An artifact that is put into the sandbox before the task starts (Marathon's `fetch`).
///
/// @param uri where it comes from: `http`, `https`, `file`, or `slipway` for the platform's own
/// store
/// @param extract whether an archive, told by the file name's ending, is unpacked into the sandbox
/// @param executable whether the file gets the executable bit; it is then not unpacked
/// @param cache whether a copy is kept on the node and used again while it is still the same
/// @param destPath the file's path below the sandbox; otherwise the last part of the address
/// @param checksum the SHA-256 that the bytes must have, as 64 lower-case hexadecimal digits
public record Fetch(
    String uri,
    boolean extract,
    boolean executable,
    boolean cache,
    Optional<String> destPath,
    Optional<String> checksum) {
  /// Longest accepted address, as Marathon's.
  public static final int MAX_URI_LENGTH = 1024;

  public static Fetch of(String uri) {
    return new Fetch(uri, true, false, false, Optional.empty(), Optional.empty());
  }
}
