package dev.slipway.endtoend.kubernetes;

import dev.slipway.endtoend.harness.CommandRun;
import dev.slipway.endtoend.harness.Distribution;
import dev.slipway.engine.kubernetes.testing.KubernetesCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The images that the stories need: one with Java and a shell, made of what this machine has, and
/// Slipway's own on top of it, which fetches into pods. They are built once and loaded into the
/// nodes. For any other cluster they are named: `-Dslipway.kubernetes.base` and
/// `-Dslipway.kubernetes.fetch`.
///
/// @param base what tasks run in whose app names no image
/// @param fetch what fetches for them
record Images(String base, String fetch) {
  private static final String BASE = "docker.io/local/slipway-base:1";
  private static final String FETCH = "localhost/slipway/fetch:1";
  private static final int LONGEST_SECONDS = 180;

  /// Made at the first use.
  private static final class Made {
    static final Images IMAGES = make();
  }

  static Images get() {
    return Made.IMAGES;
  }

  private static Images make() {
    String base = System.getProperty("slipway.kubernetes.base", "");
    String fetch = System.getProperty("slipway.kubernetes.fetch", "");
    if (!base.isEmpty() && !fetch.isEmpty()) {
      return new Images(base, fetch);
    }
    try {
      build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Images(BASE, FETCH);
  }

  private static void build() throws IOException {
    Path checkout = Distribution.checkout();
    Path target = checkout.resolve("end-to-end/target");
    Path base = target.resolve("base-image.tar");
    Path image = target.resolve("slipway-image.tar");
    if (!Files.exists(base)) {
      run(new ProcessBuilder(checkout.resolve("image/machine-base").toString(), base.toString()));
    }
    if (isOlder(image, checkout.resolve("cli/target/slipway/lib"))) {
      CommandRun made =
          CommandRun.of(
              Map.of(),
              "kubernetes",
              "image",
              "--base=tar:" + base,
              "--to=tar:" + image,
              "--name=" + FETCH);
      if (made.code() != 0) {
        throw new AssertionError("no image: " + made.out() + made.err());
      }
    }
    var script = KubernetesCluster.get().script();
    script.load(base);
    script.load(image);
  }

  private static boolean isOlder(Path image, Path jars) throws IOException {
    if (!Files.exists(image)) {
      return true;
    }
    var made = Files.getLastModifiedTime(image);
    try (Stream<Path> files = Files.list(jars)) {
      for (Path jar : files.toList()) {
        if (Files.getLastModifiedTime(jar).compareTo(made) > 0) {
          return true;
        }
      }
    }
    return false;
  }

  private static void run(ProcessBuilder builder) throws IOException {
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Path log = Distribution.checkout().resolve("end-to-end/target/base-image.log");
    Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError("no base image: " + Files.readString(log));
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stop);
    }
  }
}
