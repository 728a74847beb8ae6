package dev.slipway.artifacts;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What the end of a file's name says about its content, with Mesos's endings.
enum ArchiveFormat {
  TAR(".tar"),
  TAR_GZ(".tar.gz", ".tgz"),
  TAR_BZ2(".tar.bz2", ".tbz2"),
  TAR_XZ(".tar.xz", ".txz"),
  ZIP(".zip"),
  /// One compressed file, not an archive. After the others: it is the ending of one of them.
  GZ(".gz");

  // Made by List.of, which the checker does not see.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<String> endings;

  ArchiveFormat(String... endings) {
    this.endings = List.of(endings);
  }

  static Optional<ArchiveFormat> ofName(String fileName) {
    String lower = fileName.toLowerCase(Locale.ROOT);
    for (ArchiveFormat format : values()) {
      for (String ending : format.endings) {
        if (lower.endsWith(ending) && lower.length() > ending.length()) {
          return Optional.of(format);
        }
      }
    }
    return Optional.empty();
  }
}
