package dev.slipway.cli.server;

import dev.slipway.cli.Exit;
import dev.slipway.cli.Main;
import dev.slipway.cli.Screen;
import dev.slipway.cli.Session;
import dev.slipway.cli.Surroundings;
import dev.slipway.server.Server;
import dev.slipway.server.ServerSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/// Does once what servers and commands usually do, so that the JVM can note down which classes that
/// takes (JEP 483, ahead-of-time class loading). Run by the build; it leaves nothing behind.
@Command(name = "warm-up", hidden = true, description = "Prepares quick starts; run by the build.")
public final class WarmUpCommand implements Callable<Integer> {
  private final Session session;

  public WarmUpCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws IOException {
    Logging.toStandardError(Level.WARNING);
    Path directory = Files.createTempDirectory("slipway-warm-up-");
    try {
      Path app = Files.writeString(directory.resolve("app.json"), APP);
      ServerSettings settings =
          ServerSettings.in(directory.resolve("data")).listening(ServerSettings.DEFAULT_HOST, 0);
      try (Server server = Platform.start(settings, reason -> {})) {
        String url = server.uri().toString();
        run("deploy", app.toString(), "--timeout", "20s", "--url", url);
        for (String read : List.of("apps", "ps", "tasks", "nodes", "deployments", "queue")) {
          run(read, "--url", url);
        }
        run("app", "/warm-up", "--url", url);
        run("explain", "/warm-up", "--url", url);
        run("logs", "/warm-up", "--url", url);
        run("destroy", "/warm-up", "--url", url);
        run("version");
        run("--help");
      }
      return Exit.OK.code();
    } finally {
      remove(directory);
    }
  }

  private static final String APP =
      """
      {"id": "/warm-up", "cmd": "echo ready; exec sleep 60", "cpus": 0.01, "mem": 16,
       "healthChecks": [{"protocol": "COMMAND", "command": {"value": "true"}, "intervalSeconds": 1}]}
      """;

  /// Runs a command as a process would, and drops what it prints.
  private void run(String... arguments) {
    var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    List<String> words = new ArrayList<>(List.of(arguments));
    Main.run(
        new Surroundings(
            session.surroundings().environment(),
            InputStream.nullInputStream(),
            nowhere,
            nowhere,
            new Screen(false, Screen.UNLIMITED, true)),
        words.toArray(String[]::new));
  }

  private static void remove(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
