package dev.slipway.endtoend.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the build made: the jars that `./slipway` runs, started as it starts them.
public final class Distribution {
  private static final Path HOME = home();
  private static final Path LIBRARIES = HOME.resolve("cli/target/slipway/lib");
  private static final int WARM_UP_SECONDS = 120;
  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:TieredStopAtLevel=1",
          "--enable-native-access=ALL-UNNAMED",
          "-Dslipway.home=" + HOME);

  private static final Path CACHE = HOME.resolve("end-to-end/target/slipway.aot");
  private static final boolean CACHED = makeCache();

  private Distribution() {}

  /// The checkout.
  public static Path checkout() {
    return HOME;
  }

  /// The words that run `slipway` with these arguments. SIGINT does what it does by default: a
  /// shell that starts a build in the background has it ignored, and a JVM that finds it so leaves
  /// it so.
  public static List<String> command(List<String> arguments) {
    List<String> words = new ArrayList<>(List.of("env", "--default-signal=INT", java()));
    words.addAll(OPTIONS);
    if (CACHED) {
      words.addAll(List.of("-XX:AOTCache=" + CACHE, "-Xlog:aot*=off", "-Xlog:cds*=off"));
    }
    words.addAll(List.of("-cp", classPath(), "dev.slipway.cli.Main"));
    words.addAll(arguments);
    return words;
  }

  /// A process to be, with an environment that nothing of the surroundings gets into.
  public static ProcessBuilder process(List<String> arguments, Map<String, String> environment) {
    return withoutSurroundings(new ProcessBuilder(command(arguments)), environment);
  }

  private static ProcessBuilder withoutSurroundings(
      ProcessBuilder builder, Map<String, String> environment) {
    builder.environment().keySet().removeIf(name -> name.startsWith("SLIPWAY_"));
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().remove("LC_ALL");
    builder.environment().putAll(environment);
    return builder;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static String classPath() {
    return jars().stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  private static List<Path> jars() {
    assertThat(LIBRARIES).as("built by ./mvnw package").isDirectory();
    try (Stream<Path> files = Files.list(LIBRARIES)) {
      List<Path> jars = new ArrayList<>(files.toList());
      Collections.sort(jars);
      return jars;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Notes down which classes a start takes, as the first use of `./slipway` does: it saves each of
  /// the many starts of these tests half a second. Without the notes they only take longer.
  private static boolean makeCache() {
    try {
      if (isFresh()) {
        return true;
      }
      List<String> words = new ArrayList<>(List.of(java()));
      words.addAll(OPTIONS);
      words.add("-XX:AOTCacheOutput=" + CACHE);
      words.addAll(List.of("-cp", classPath(), "dev.slipway.cli.Main", "warm-up"));
      Process process =
          withoutSurroundings(new ProcessBuilder(words), Map.of())
              .redirectErrorStream(true)
              .redirectOutput(HOME.resolve("end-to-end/target/warm-up.log").toFile())
              .start();
      boolean ended = process.waitFor(WARM_UP_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      return ended && process.exitValue() == 0 && Files.exists(CACHE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isFresh() throws IOException {
    if (!Files.exists(CACHE)) {
      return false;
    }
    for (Path jar : jars()) {
      if (Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(CACHE)) > 0) {
        return false;
      }
    }
    return true;
  }

  private static Path home() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("slipway"))) {
      Path parent = directory.getParent();
      if (parent == null) {
        throw new IllegalStateException("these tests run inside a checkout");
      }
      directory = parent;
    }
    return directory;
  }
}
