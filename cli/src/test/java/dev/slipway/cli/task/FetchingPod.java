package dev.slipway.cli.task;

import dev.slipway.core.app.Fetch;
import dev.slipway.engine.kubernetes.FetchOrder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// A JVM that fetches one address, as an init container does.
final class FetchingPod {
  private FetchingPod() {}

  static Process start(Path cache, Path sandbox, String uri) throws IOException {
    Files.createDirectories(sandbox);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FetchingPod.class.getName(),
            cache.toString(),
            sandbox.toString(),
            uri)
        .redirectErrorStream(true)
        .redirectOutput(new File(sandbox + ".log"))
        .start();
  }

  static void main(String[] arguments) throws Exception {
    Path sandbox = Path.of(arguments[1]);
    Fetch fetch = new Fetch(arguments[2], true, false, true, Optional.empty(), Optional.empty());
    var order = new FetchOrder(List.of(fetch), sandbox, "user", Optional.empty(), Optional.empty());
    new PodFetcher(order, Path.of(arguments[0])).fetch(List.of(fetch), sandbox, "user");
    System.exit(0);
  }
}
