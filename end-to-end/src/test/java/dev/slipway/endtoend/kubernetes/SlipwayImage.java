package dev.slipway.endtoend.kubernetes;

import dev.slipway.endtoend.harness.Distribution;
import dev.slipway.engine.kubernetes.testing.KubernetesCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// The product's own image, made of this build and of what this machine has, and loaded into the
/// nodes once: tasks run in it whose app names no image, and it fetches for them. On any other
/// cluster it is one that the nodes have or can pull: `-Dslipway.kubernetes.slipway=NAME`.
final class SlipwayImage {
  private static final String MADE = "docker.io/local/slipway:1";
  private static final int LONGEST_SECONDS = 300;

  private SlipwayImage() {}

  /// Made at the first use.
  private static final class Loaded {
    static final String NAME = load();
  }

  static String name() {
    return Loaded.NAME;
  }

  private static String load() {
    String named = System.getProperty("slipway.kubernetes.slipway", "");
    if (!named.isEmpty()) {
      return named;
    }
    Path home = Distribution.checkout();
    Path log = home.resolve("end-to-end/target/image.log");
    var builder =
        new ProcessBuilder(
                home.resolve("image/to-cluster").toString(),
                KubernetesCluster.get().script().file().toString())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    try {
      Process process = builder.start();
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new AssertionError("the image is not made: " + Files.readString(log));
      }
      return MADE;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stop);
    }
  }
}
