package dev.slipway.server;

import dev.slipway.journal.DirectoryLock;
import dev.slipway.journal.Journal;

/// Opens the journal that a server records in.
@FunctionalInterface
public interface JournalChoice {
  /// @param lock of the server's own directory
  Journal open(DirectoryLock lock);
}
