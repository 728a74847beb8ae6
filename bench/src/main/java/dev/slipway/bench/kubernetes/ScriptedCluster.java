package dev.slipway.bench.kubernetes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A cluster that a script makes on this machine: `up N` starts it, `env` tells its variables as
/// exports of a shell, `down` ends it. One that stands already is used and left as it is.
public final class ScriptedCluster implements AutoCloseable {
  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private static final String NODES = "3";
  private static final Pattern EXPORTED = Pattern.compile("([A-Z_]+)=([^ \\n]+)");

  private final Path script;
  private final Map<String, String> variables;
  private final Optional<AtExit> atExit;

  private ScriptedCluster(Path script, Map<String, String> variables, boolean ours) {
    this.script = script;
    this.variables = variables;
    this.atExit = ours ? Optional.of(AtExit.run("cluster", () -> down(script))) : Optional.empty();
  }

  /// @param kubeconfig the variable that names a file which is there while the cluster stands
  public static ScriptedCluster open(Path script, String kubeconfig)
      throws IOException, InterruptedException {
    Map<String, String> variables = variables(run(script, "env"));
    Path named = Path.of(variables.getOrDefault(kubeconfig, ""));
    if (named.toString().isEmpty()) {
      throw new MissingException("'" + script + " env' tells no " + kubeconfig);
    }
    if (Files.exists(named)) {
      return new ScriptedCluster(script, variables, false);
    }
    try {
      run(script, "up", NODES);
    } catch (IOException | InterruptedException | RuntimeException failure) {
      down(script);
      throw failure;
    }
    return new ScriptedCluster(script, variables, true);
  }

  /// What the script exports.
  static Map<String, String> variables(String exports) {
    Map<String, String> found = new TreeMap<>();
    Matcher matcher = EXPORTED.matcher(exports);
    while (matcher.find()) {
      found.put(matcher.group(1), matcher.group(2));
    }
    return found;
  }

  public Map<String, String> variables() {
    return variables;
  }

  private static String run(Path script, String... verbs) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of(script.toString()));
    words.addAll(List.of(verbs));
    Path output = Files.createTempFile("slipway-bench-cluster-", ".log");
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(output, StandardCharsets.UTF_8);
      if (!ended || process.exitValue() != 0) {
        throw new MissingException("'" + String.join(" ", words) + "' failed: " + text.strip());
      }
      return text;
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private static void down(Path script) {
    try {
      run(script, "down");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    atExit.ifPresent(
        hook -> {
          down(script);
          hook.done();
        });
  }
}
