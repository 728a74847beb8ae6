package dev.slipway.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What the build made below a checkout, and how the script `slipway` starts it.
///
/// Used by one thread.
final class Installation {
  /// As in the script; a test compares.
  static final List<String> OPTIONS =
      List.of("-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED");

  /// What short commands have beyond that.
  static final List<String> COMMAND_OPTIONS = List.of("-XX:TieredStopAtLevel=1", "-Xmx256m");

  /// What keeps a JVM quiet that cannot use its cache.
  static final List<String> QUIET = List.of("-Xlog:aot*=off", "-Xlog:cds*=off");

  private static final int WARM_UP_SECONDS = 120;

  private final Path home;
  private final Path work;
  private final Consumer<String> note;
  private final List<Path> jars;
  private @Nullable Path cache;

  /// @param work where a start-up cache is made if the build's one is missing or older than its
  /// jars
  Installation(Path home, Path work, Consumer<String> note) throws IOException {
    this.home = home;
    this.work = work;
    this.note = note;
    this.jars = jars(distribution().resolve("lib"));
  }

  private Path distribution() {
    return home.resolve("cli/target/slipway");
  }

  private String classPath() {
    return jars.stream().map(Path::toString).collect(Collectors.joining(":"));
  }

  private Path cache() throws IOException, InterruptedException {
    if (cache == null) {
      Path built = distribution().resolve("slipway.aot");
      cache = isNewer(built, jars) ? built : makeCache();
    }
    return cache;
  }

  private static List<Path> jars(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException("there is no " + directory + "; build first");
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> jars = new ArrayList<>(files.toList());
      Collections.sort(jars);
      return jars;
    }
  }

  private static boolean isNewer(Path file, List<Path> jars) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    for (Path jar : jars) {
      if (Files.getLastModifiedTime(jar).compareTo(Files.getLastModifiedTime(file)) > 0) {
        return false;
      }
    }
    return true;
  }

  private Path makeCache() throws IOException, InterruptedException {
    note.accept("The build's start-up cache is missing or outdated; making another ...");
    Path made = work.resolve("slipway.aot");
    List<String> words = new ArrayList<>(List.of(java(), "-XX:AOTCacheOutput=" + made));
    words.addAll(OPTIONS);
    words.addAll(List.of("-Dslipway.home=" + home, "-cp", classPath()));
    words.addAll(List.of("dev.slipway.cli.Main", "warm-up"));
    Process process =
        process(words)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean ended = process.waitFor(WARM_UP_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly();
    if (!ended || !Files.exists(made)) {
      throw new IOException("the start-up cache could not be made");
    }
    return made;
  }

  /// The platform to be.
  ///
  /// @param cached whether it starts with the start-up cache, as the script does it
  ProcessBuilder server(boolean cached, List<String> arguments)
      throws IOException, InterruptedException {
    return started(cached, List.of(), arguments);
  }

  /// A platform to be whose engine is simulated.
  ProcessBuilder simulated(Path data, int nodes) {
    List<String> words = new ArrayList<>(List.of(java()));
    words.addAll(OPTIONS);
    String own = System.getProperty("java.class.path");
    words.addAll(List.of("-cp", own, SimulatedServer.class.getName()));
    words.addAll(List.of(data.toString(), Integer.toString(nodes)));
    return process(words);
  }

  /// A command to be that asks a server.
  ProcessBuilder command(List<String> arguments) throws IOException, InterruptedException {
    return started(true, COMMAND_OPTIONS, arguments);
  }

  private ProcessBuilder started(boolean cached, List<String> more, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(java()));
    words.addAll(OPTIONS);
    words.addAll(more);
    if (cached) {
      words.addAll(QUIET);
      words.add("-XX:AOTCache=" + cache());
    } else {
      words.add("-Xshare:auto");
    }
    words.addAll(List.of("-Dslipway.home=" + home, "-cp", classPath(), "dev.slipway.cli.Main"));
    words.addAll(arguments);
    return process(words);
  }

  /// Nothing of the surroundings changes what is measured.
  private static ProcessBuilder process(List<String> words) {
    var builder = new ProcessBuilder(words);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("SLIPWAY_") || name.startsWith("JAVA_TOOL_"));
    builder.environment().put("LANG", "C.UTF-8");
    return builder;
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
