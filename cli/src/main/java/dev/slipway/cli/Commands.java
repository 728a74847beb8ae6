package dev.slipway.cli;

import dev.slipway.cli.demo.DemoCommand;
import dev.slipway.cli.server.JournalCommand;
import dev.slipway.cli.server.KubernetesCommand;
import dev.slipway.cli.server.ServerCommand;
import dev.slipway.cli.server.WarmUpCommand;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// The commands by name.
///
/// Only those whose names stand on the line are built: reading the annotations of all of them would
/// cost each run a tenth of a second.
final class Commands {
  /// In the order of the help: what is used most first.
  static final List<String> NAMES =
      List.of(
          "demo",
          "server",
          "deploy",
          "apps",
          "app",
          "ps",
          "logs",
          "scale",
          "exec",
          "restart",
          "rollback",
          "destroy",
          "tasks",
          "kill",
          "deployments",
          "events",
          "queue",
          "explain",
          "nodes",
          "servers",
          "drain",
          "placement",
          "volumes",
          "artifact",
          "secret",
          "journal",
          "kubernetes",
          "completion",
          "version");

  /// Prepares the cache that makes starts quick; for the build, not for people.
  private static final String WARM_UP = "warm-up";

  private static final int MOST_HELP_COLUMNS = 120;

  private Commands() {}

  private static @Nullable Object create(String name, Session session) {
    return switch (name) {
      case "demo" -> new DemoCommand(session);
      case "server" -> new ServerCommand(session);
      case "journal" -> new JournalCommand(session);
      case "kubernetes" -> new KubernetesCommand(session);
      case WARM_UP -> new WarmUpCommand(session);
      case "deploy" -> new DeployCommand(session);
      case "apps" -> new AppsCommand(session);
      case "app" -> new AppCommand(session);
      case "ps" -> new PsCommand(session);
      case "logs" -> new LogsCommand(session);
      case "exec" -> new ExecCommand(session);
      case "scale" -> new ScaleCommand(session);
      case "restart" -> new RestartCommand(session);
      case "rollback" -> new RollbackCommand(session);
      case "destroy" -> new DestroyCommand(session);
      case "tasks" -> new TasksCommand(session);
      case "kill" -> new KillCommand(session);
      case "deployments" -> new DeploymentsCommand(session);
      case "events" -> new EventsCommand(session);
      case "queue" -> new QueueCommand(session);
      case "explain" -> new ExplainCommand(session);
      case "nodes" -> new NodesCommand(session);
      case "servers" -> new ServersCommand(session);
      case "drain" -> new DrainCommand(session);
      case "placement" -> PlacementCommand.whole(session);
      case "volumes" -> new VolumesCommand(session);
      case "artifact" -> new ArtifactCommand(session);
      case "secret" -> new SecretCommand(session);
      case "completion" -> new CompletionCommand(session);
      case "version" -> new VersionCommand(session);
      default -> null;
    };
  }

  /// The command line with every command, for help and completion.
  static CommandLine all(Session session) {
    return with(session, NAMES);
  }

  /// The command line with the commands that these arguments may name; with all when they name
  /// none.
  static CommandLine named(Session session, String[] arguments) {
    List<String> words = List.of(arguments);
    if (words.equals(List.of(WARM_UP))) {
      return with(session, words);
    }
    List<String> named = NAMES.stream().filter(words::contains).toList();
    return named.isEmpty() ? all(session) : with(session, named);
  }

  private static CommandLine with(Session session, List<String> names) {
    CommandLine root = new CommandLine(session);
    for (String name : names) {
      Object command = create(name, session);
      if (command != null) {
        root.addSubcommand(name, command);
      }
    }
    boolean colours = Session.coloursByDefault(session.surroundings());
    root.setColorScheme(CommandLine.Help.defaultColorScheme(colours ? Ansi.ON : Ansi.OFF));
    root.setUsageHelpWidth(Math.clamp(session.screen().width(), 55, MOST_HELP_COLUMNS));
    root.setAbbreviatedOptionsAllowed(false);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.getCommandSpec().usageMessage().footer(rootFooter());
    root.setParameterExceptionHandler((mistake, args) -> Mistakes.usage(session, mistake));
    root.setExecutionExceptionHandler((error, line, parsed) -> Mistakes.failure(session, error));
    root.setOut(new PrintWriter(session.surroundings().out(), true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(session.surroundings().err(), true, StandardCharsets.UTF_8));
    return root;
  }

  private static String[] rootFooter() {
    List<String> lines = new java.util.ArrayList<>(List.of("", "Exit codes:"));
    for (Exit exit : Exit.values()) {
      String code = String.valueOf(exit.code());
      lines.add(" ".repeat(5 - code.length()) + code + "  " + exit.meaning());
    }
    lines.addAll(
        List.of(
            "",
            "Environment: SLIPWAY_URL, SLIPWAY_TOKEN, SLIPWAY_TOKEN_FILE, NO_COLOR.",
            "",
            "Examples:",
            "  slipway deploy web.json",
            "  slipway logs web -f",
            "  slipway COMMAND --help"));
    return lines.toArray(String[]::new);
  }
}
