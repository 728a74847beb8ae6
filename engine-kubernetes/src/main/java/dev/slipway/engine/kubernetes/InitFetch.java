package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.ArtifactFetcher;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Function;

/// What a pod's init container does: it reads its [FetchOrder], fetches into the sandbox, and gives
/// what it fetched to the task's account. Why it failed is one line of the pod's status, where
/// Kubernetes puts what a container writes to its termination log.
public final class InitFetch {
  /// Where the image has the program; the init container's command.
  public static final List<String> COMMAND = List.of("/slipway/bin/slipway", "fetch");

  /// Where the Secret with the order is mounted.
  public static final Path ORDERS = Path.of("/slipway/order");

  /// Where the volume that holds the sandbox is mounted.
  public static final Path WORK = Path.of("/slipway/work");

  /// Where the task's sandbox lies in it.
  public static final Path SANDBOX = WORK.resolve("sandbox");

  /// Where the node's cache is mounted, on nodes that have one.
  public static final Path CACHE = Path.of("/slipway/cache");

  /// What Kubernetes keeps of a termination log.
  static final int MESSAGE_BYTES = 4096;

  private static final Path TERMINATION_LOG = Path.of("/dev/termination-log");

  private final Path order;
  private final Path terminationLog;

  InitFetch(Path order, Path terminationLog) {
    this.order = order;
    this.terminationLog = terminationLog;
  }

  /// With the places that a pod has for it.
  public static InitFetch ofPod() {
    return new InitFetch(ORDERS.resolve(FetchOrder.FILE), TERMINATION_LOG);
  }

  /// Carries the order out.
  ///
  /// @param fetchers makes the fetcher that an order asks for
  /// @return the exit code: 0 when everything is there, 1 when the termination log says why not
  public int run(Function<FetchOrder, ArtifactFetcher> fetchers) {
    try {
      FetchOrder read = FetchOrder.decode(Files.readString(order));
      openSandbox(read.sandbox());
      fetchers.apply(read).fetch(read.artifacts(), read.sandbox(), read.user());
      if (read.owner().isPresent()) {
        FetchedFiles.give(read.sandbox(), read.owner().get());
      }
      return 0;
    } catch (FetchFailure | IllegalArgumentException failure) {
      return failed(String.valueOf(failure.getMessage()));
    } catch (IOException failure) {
      return failed("the sandbox could not be prepared: " + failure);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return failed("the fetch was stopped");
    }
  }

  /// As open as Kubernetes makes a volume: which account the task has, its image may say.
  private static void openSandbox(Path sandbox) throws IOException {
    Files.createDirectories(sandbox);
    Files.setPosixFilePermissions(sandbox, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  private int failed(String message) {
    String line = cut(message.replaceAll("\\p{Cntrl}", " "));
    System.err.println(line);
    try {
      Files.writeString(terminationLog, line);
    } catch (IOException e) {
      System.err.println("the termination log cannot be written: " + e);
    }
    return 1;
  }

  /// No character is cut in two.
  private static String cut(String line) {
    String kept = line.substring(0, Math.min(line.length(), MESSAGE_BYTES));
    while (kept.getBytes(StandardCharsets.UTF_8).length > MESSAGE_BYTES) {
      kept = kept.substring(0, kept.offsetByCodePoints(kept.length(), -1));
    }
    return kept;
  }
}
