package dev.slipway.engine.local;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.function.Consumer;

/// Hears of exit records the moment a supervisor renames one into place: one thread for all tasks.
/// What is missed here is found by the sweep within two seconds.
final class ExitWatch implements AutoCloseable {
  private final WatchService service;
  private final Thread thread;

  /// @param exited is given the name of a task that ended
  /// @param missed is called when names were lost
  ExitWatch(Path exits, Consumer<String> exited, Runnable missed) throws IOException {
    this.service = exits.getFileSystem().newWatchService();
    exits.register(service, ENTRY_CREATE);
    this.thread =
        Thread.ofPlatform()
            .name("engine-local-exits")
            .daemon()
            .unstarted(() -> watch(exited, missed));
  }

  void start() {
    thread.start();
  }

  private void watch(Consumer<String> exited, Runnable missed) {
    try {
      // Ends when the service is closed.
      while (true) {
        WatchKey key = service.take();
        for (WatchEvent<?> event : key.pollEvents()) {
          if (event.kind().equals(OVERFLOW)) {
            missed.run();
          } else {
            exited.accept(String.valueOf(event.context()));
          }
        }
        key.reset();
      }
    } catch (ClosedWatchServiceException | InterruptedException closed) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
