package dev.slipway.journal;

import java.nio.file.Path;

/// Another server works on the data directory.
public final class DirectoryInUse extends JournalException {
  private static final long serialVersionUID = 1;

  DirectoryInUse(Path directory, String holder) {
    super(
        "the data directory "
            + directory
            + " is in use by "
            + holder
            + ". Stop that server, or give this one a directory of its own with --data");
  }
}
