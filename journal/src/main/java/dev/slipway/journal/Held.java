package dev.slipway.journal;

import java.util.Optional;

/// A journal's database that no server works with while this is open: a directory is locked, and a
/// shared one has no leader. It is made where there is none.
record Held(Database database, Optional<DirectoryLock> lock) implements AutoCloseable {
  static Held of(JournalPlace place) {
    return switch (place) {
      case JournalPlace.InDirectory in -> inDirectory(DirectoryLock.acquire(in.directory()));
      case JournalPlace.Shared shared -> {
        SqlJournal.open(shared.place()).close();
        Database database = PostgresDatabase.open(shared.place());
        boolean free = false;
        try {
          JournalMove.refuseLed(database);
          free = true;
          yield new Held(database, Optional.empty());
        } finally {
          if (!free) {
            database.close();
          }
        }
      }
    };
  }

  private static Held inDirectory(DirectoryLock lock) {
    boolean open = false;
    try {
      SqlJournal.open(lock).close(); // Looks at it first, as a server does.
      var held = new Held(SqliteDatabase.open(JournalFile.in(lock.directory())), Optional.of(lock));
      open = true;
      return held;
    } finally {
      if (!open) {
        lock.close();
      }
    }
  }

  @Override
  public void close() {
    database.close();
    lock.ifPresent(DirectoryLock::close);
  }
}
