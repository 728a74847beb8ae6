package dev.slipway.server.secret;

import dev.slipway.core.engine.Epoch;
import dev.slipway.journal.DirectoryLock;
import dev.slipway.journal.SqlJournal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;

/// A store of its own, gone when it is closed. Its clock stands still.
public final class TemporarySecrets implements AutoCloseable {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final DirectoryLock lock;
  private final SqlJournal journal;
  private final SecretStore store;

  public TemporarySecrets() {
    try {
      lock = DirectoryLock.acquire(Files.createTempDirectory("secrets"));
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    journal = SqlJournal.open(lock);
    Epoch epoch = journal.takeLeadership();
    store =
        new SecretStore(
            journal.sealedValues(), lock.directory(), () -> epoch, InstantSource.fixed(NOW));
  }

  public SecretStore store() {
    return store;
  }

  @Override
  public void close() {
    journal.close();
    lock.close();
    try (var files = Files.walk(lock.directory())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
