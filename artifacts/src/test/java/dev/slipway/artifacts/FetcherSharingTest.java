package dev.slipway.artifacts;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FetcherSharingTest {
  @TempDir Path directory;

  private Workbench bench;

  @BeforeEach
  void open() throws IOException {
    bench = new Workbench(directory);
  }

  @AfterEach
  void close() throws IOException {
    bench.close();
  }

  private List<Path> cachedContent() throws IOException {
    try (var files = Files.list(directory.resolve("cache/content"))) {
      return files.toList();
    }
  }

  @Test
  void manyTasksThatWaitForTheSameMakeOneRequest() throws Exception {
    for (boolean cache : List.of(true, false)) {
      var gate = new CountDownLatch(1);
      try (var origin =
              new TestOrigin(
                  (request, out) -> {
                    gate.await();
                    TestOrigin.ok(out, "shared".getBytes(UTF_8));
                  });
          var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var fetch = Workbench.to(origin.uri("/x"), "x");
        var wanted = cache ? Workbench.cached(fetch.uri()) : fetch;
        bench.fetcher();
        var waiting = new ArrayList<Thread>();
        var fetches = new ArrayList<Future<String>>();
        for (int i = 0; i < 20; i++) {
          Path sandbox = bench.newSandbox("s" + cache + i);
          fetches.add(
              threads.submit(
                  () -> {
                    synchronized (waiting) {
                      waiting.add(Thread.currentThread());
                    }
                    bench.fetcher().fetch(List.of(wanted), sandbox, "u");
                    return Workbench.filesOf(sandbox).get("x");
                  }));
        }
        Awaitility.await().until(() -> allWait(waiting, 20));
        gate.countDown();

        for (Future<String> done : fetches) {
          assertThat(done.get(20, TimeUnit.SECONDS)).isEqualTo("shared");
        }
        assertThat(origin.requests).hasSize(1);
        bench.assertNothingLeft();
      }
    }
  }

  private static boolean allWait(List<Thread> threads, int count) {
    synchronized (threads) {
      return threads.size() == count
          && threads.stream().allMatch(thread -> thread.getState() == Thread.State.TIMED_WAITING);
    }
  }

  @Test
  void aWaiterThatIsInterruptedLeavesTheOthersAlone() throws Exception {
    var gate = new CountDownLatch(1);
    try (var origin =
            new TestOrigin(
                (request, out) -> {
                  gate.await();
                  TestOrigin.ok(out, "shared".getBytes(UTF_8));
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var fetch = Workbench.cached(origin.uri("/x"));
      bench.fetcher();
      Path first = bench.newSandbox("first");
      Path second = bench.newSandbox("second");
      var waiting = new ArrayList<Thread>();
      var interrupted = threads.submit(() -> outcome(fetch, first, waiting));
      Awaitility.await().until(() -> allWait(waiting, 1));
      var patient = threads.submit(() -> outcome(fetch, second, waiting));
      Awaitility.await().until(() -> allWait(waiting, 2));

      waiting.getFirst().interrupt();
      assertThat(interrupted.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
      gate.countDown();

      assertThat(patient.get(10, TimeUnit.SECONDS)).isEqualTo("fetched");
      assertThat(origin.requests).hasSize(1);
      assertThat(Workbench.filesOf(first)).isEmpty();
      assertThat(Workbench.filesOf(second)).containsExactly(entry("x", "shared"));
      bench.assertNothingLeft();
    }
  }

  @Test
  void whenTheLastWaiterIsInterruptedTheDownloadEndsAndNothingIsLeft() throws Exception {
    var gone = new CountDownLatch(1);
    try (var origin =
            new TestOrigin(
                (request, out) -> {
                  TestOrigin.head(out, "200 OK", 1L << 29);
                  try {
                    while (true) {
                      out.write(new byte[1000]);
                      out.flush();
                      Thread.sleep(5);
                    }
                  } finally {
                    gone.countDown();
                  }
                });
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      bench.fetcher();
      var waiting = new ArrayList<Thread>();
      var fetch = Workbench.cached(origin.uri("/x"));
      var only = threads.submit(() -> outcome(fetch, bench.sandbox, waiting));
      Awaitility.await().until(() -> !origin.requests.isEmpty() && allWait(waiting, 1));

      waiting.getFirst().interrupt();

      assertThat(only.get(10, TimeUnit.SECONDS)).isEqualTo("interrupted");
      assertThat(gone.await(10, TimeUnit.SECONDS)).as("the connection was closed").isTrue();
      Awaitility.await().untilAsserted(bench::assertNothingLeft);
      assertThat(bench.files()).isEmpty();
      assertThat(cachedContent()).isEmpty();
    }
  }

  @Test
  void closingTheFetcherEndsItsDownloads() throws Exception {
    try (var origin = new TestOrigin((request, out) -> Thread.sleep(60_000));
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      bench.policy =
          bench.policy.withPatience(
              new Patience(
                  Patience.DEFAULT.connect(),
                  Patience.DEFAULT.stall(),
                  1,
                  Patience.DEFAULT.total(),
                  1,
                  Patience.DEFAULT.firstPause(),
                  Patience.DEFAULT.longestPause()));
      bench.fetcher();
      var waiting = new ArrayList<Thread>();
      var fetch = Workbench.cached(origin.uri("/x"));
      var only = threads.submit(() -> outcome(fetch, bench.sandbox, waiting));
      Awaitility.await().until(() -> !origin.requests.isEmpty() && allWait(waiting, 1));

      bench.close();

      assertThat(only.get(10, TimeUnit.SECONDS)).contains("the download was stopped");
      bench.assertNothingLeft();
    }
  }

  private String outcome(Fetch fetch, Path sandbox, List<Thread> waiting) throws IOException {
    synchronized (waiting) {
      waiting.add(Thread.currentThread());
    }
    try {
      bench.fetcher().fetch(List.of(fetch), sandbox, "u");
      return "fetched";
    } catch (InterruptedException e) {
      return "interrupted";
    } catch (FetchFailure e) {
      return String.valueOf(e.getMessage());
    }
  }
}
