package dev.slipway.cli.task;

import dev.slipway.artifacts.ArtifactLimits;
import dev.slipway.artifacts.FetchPolicy;
import dev.slipway.artifacts.Fetcher;
import dev.slipway.artifacts.WebProxies;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher;
import dev.slipway.engine.kubernetes.FetchOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/// Fetches in a pod: from the web and from the platform, never files of the machine.
///
/// What is to be cached goes into the node's cache where the pod has one. The pods of a node take
/// turns with it; whoever waits too long for its turn fetches without the cache, as everybody does
/// on nodes that have none.
final class PodFetcher implements ArtifactFetcher {
  /// Waiting longer costs more than fetching anew, in nearly every case.
  static final Duration TURN = Duration.ofMinutes(2);

  private final FetchOrder order;
  private final Path cache;

  /// @param cache used where it is there
  PodFetcher(FetchOrder order, Path cache) {
    this.order = order;
    this.cache = cache;
  }

  @Override
  public void fetch(List<Fetch> artifacts, Path sandbox, String user)
      throws FetchFailure, InterruptedException {
    if (artifacts.stream().anyMatch(Fetch::cache) && Files.isDirectory(cache)) {
      try (CacheTurn turn = CacheTurn.await(cache, TURN)) {
        if (turn.ours()) {
          fetchBy(cache, artifacts, sandbox, user);
          return;
        }
      } catch (IOException e) {
        throw new FetchFailure("the node's cache cannot be used: " + e, e);
      }
    }
    Path passing = sandbox.resolveSibling(".fetched");
    try {
      fetchBy(passing, artifacts, sandbox, user);
    } finally {
      remove(passing);
    }
  }

  private void fetchBy(Path directory, List<Fetch> artifacts, Path sandbox, String user)
      throws FetchFailure, InterruptedException {
    FetchPolicy policy =
        FetchPolicy.forSharedMachines()
            .withProxies(WebProxies.of(System.getenv()))
            .withPlatform(order.platform());
    try (Fetcher fetcher = Fetcher.withoutStore(directory, policy, ArtifactLimits.DEFAULT)) {
      fetcher.fetch(artifacts, sandbox, user);
    } catch (IOException e) {
      throw new FetchFailure("the directory " + directory + " cannot be used: " + e, e);
    }
  }

  /// What stays is disk that the pod holds for nothing, and no reason to fail.
  private static void remove(Path directory) {
    try (var files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      System.err.println("not removed: " + directory + ": " + e);
    }
  }
}
