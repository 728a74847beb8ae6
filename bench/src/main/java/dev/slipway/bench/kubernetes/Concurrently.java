package dev.slipway.bench.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.IntConsumer;

/// Many calls of an API, a bounded number of them at once.
final class Concurrently {
  /// More than these did not make creation faster on two cores.
  private static final int AT_ONCE = 32;

  private Concurrently() {}

  /// Calls with each of 0 to `count` - 1 and returns once all are done.
  ///
  /// @throws IllegalStateException when one of them fails
  static void run(int count, IntConsumer call) throws InterruptedException {
    var permits = new Semaphore(AT_ONCE);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int index = i;
        permits.acquire();
        calls.add(
            threads.submit(
                () -> {
                  try {
                    call.accept(index);
                  } finally {
                    permits.release();
                  }
                }));
      }
      for (Future<?> each : calls) {
        each.get();
      }
    } catch (ExecutionException failure) {
      throw new IllegalStateException(failure.getCause());
    }
  }
}
