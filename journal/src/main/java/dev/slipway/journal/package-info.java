/// Events made durable: one SQL adapter, on SQLite for one machine. {@link SqlJournal} is the
/// journal, {@link DirectoryLock} keeps a second server away from it, and {@link JournalTool} is
/// for a journal that no server has open.
@NullMarked
package dev.slipway.journal;

import org.jspecify.annotations.NullMarked;
