package dev.slipway.cli.server;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;
import dev.slipway.cli.Session;
import dev.slipway.journal.JournalPlace;
import dev.slipway.journal.SqlJournal;
import dev.slipway.server.EngineChoice;
import dev.slipway.server.EngineParts;
import dev.slipway.server.JournalChoice;
import dev.slipway.server.Server;
import dev.slipway.server.ServerSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Runs the platform until it is told to end. Tasks outlive it.
@Command(
    name = "server",
    description = "Runs the platform, in the foreground. Tasks outlive it.",
    footer = {
      "",
      "Options may also be set as SLIPWAY_DATA, SLIPWAY_LISTEN, SLIPWAY_ENGINE,",
      "SLIPWAY_JOURNAL, SLIPWAY_JOURNAL_SCHEMA, SLIPWAY_JOURNAL_PASSWORD_FILE,",
      "SLIPWAY_ADVERTISE, SLIPWAY_NAME, SLIPWAY_KEYS, and each --kubernetes-NAME as",
      "SLIPWAY_KUBERNETES_NAME. The database's password comes from",
      "SLIPWAY_JOURNAL_PASSWORD or a file, never from an option.",
      "",
      "Examples:",
      "  slipway server",
      "  slipway server --data /srv/slipway --nodes 3 --attribute rack=a",
      "  slipway server --listen 0.0.0.0:8080    (prints an access token on its first start)",
      "  slipway server --engine kubernetes --kubernetes-namespace shop",
      "  slipway server --engine kubernetes --listen 0.0.0.0:8080 \\",
      "      --advertise http://10.0.0.7:8080 --keys /etc/slipway \\",
      "      --journal 'jdbc:postgresql://db1,db2/slipway?user=slipway&targetServerType=primary'"
    })
public final class ServerCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where the API listens; 127.0.0.1:8080. Elsewhere a token is demanded.")
  @Nullable String listen;

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "What tasks are run with: local, which is this machine, or kubernetes; local.")
  @Nullable String engine;

  @Option(
      names = "--allow-host-path",
      paramLabel = "DIR[:ro]",
      description =
          "A directory of the nodes that apps may mount, with all below it. May be repeated.")
  List<String> hostPaths = new ArrayList<>();

  @Option(names = "--quiet", description = "Log warnings and errors only.")
  boolean quiet;

  @Mixin LocalOptions local = new LocalOptions();

  @Mixin JournalOptions journal = new JournalOptions();

  @Mixin MemberOptions member = new MemberOptions();

  @Mixin KubernetesOptions kubernetes = new KubernetesOptions();

  @Spec @Nullable CommandSpec spec;

  public ServerCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws InterruptedException {
    Logging.toStandardError(quiet ? Level.WARNING : Level.INFO);
    var stopped = new AtomicReference<>("");
    var end = new CountDownLatch(1);
    Server server =
        Platform.start(
            settings(),
            reason -> {
              stopped.set(reason);
              end.countDown();
            });
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("server-end").unstarted(server::close));
    tell(server);
    end.await();
    server.close();
    throw Complaint.of(Exit.FAILED, "The server stopped: " + stopped.get());
  }

  private void tell(Server server) {
    server
        .newToken()
        .ifPresent(
            token -> {
              session.print("The access token, shown this once and kept nowhere:");
              session.print("  " + token.value());
              session.print("Give it to clients as SLIPWAY_TOKEN.");
            });
    session.print(
        "Slipway %s listens on %s (%s)"
            .formatted(
                dev.slipway.cli.Version.text(),
                server.uri(),
                server.engine().map(ServerCommand::described).orElse("stands by")));
    session.surroundings().out().flush();
  }

  private static String described(EngineParts engine) {
    return "%s, isolation: %s"
        .formatted(dev.slipway.cli.Words.count(engine.nodes(), "node"), engine.isolation());
  }

  ServerSettings settings() {
    var read = new Reading(session.surroundings().environment());
    Listen where =
        read.text("--listen", listen)
            .map(Listen::of)
            .orElse(new Listen(ServerSettings.DEFAULT_HOST, ServerSettings.DEFAULT_PORT));
    try {
      JournalPlace place = journal.chosen(read);
      return ServerSettings.in(journal.directory(read))
          .listening(where.host(), where.port())
          .with(engine(read, place))
          .with(journal(read, place))
          .with(member.member(read));
    } catch (IllegalArgumentException wrong) {
      throw Complaint.of(Exit.USAGE, String.valueOf(wrong.getMessage()));
    }
  }

  private JournalChoice journal(Reading read, JournalPlace place) {
    return switch (place) {
      case JournalPlace.InDirectory in -> {
        if (!in.directory().equals(journal.directory(read))) {
          throw new IllegalArgumentException(
              "--journal sqlite is in the data directory of the server: name that with --data");
        }
        yield SqlJournal::open;
      }
      case JournalPlace.Shared shared -> lock -> SqlJournal.open(shared.place());
    };
  }

  private EngineChoice engine(Reading read, JournalPlace place) {
    String name = read.text("--engine", engine).orElse("local");
    return switch (name) {
      case "local" -> {
        refuse(option -> option.startsWith(KubernetesOptions.PREFIX), "kubernetes");
        if (place instanceof JournalPlace.Shared) {
          throw new IllegalArgumentException(
              "--journal jdbc:postgresql:... is for several servers, and only one of them would reach"
                  + " the tasks of --engine local; run them with --engine kubernetes");
        }
        yield new EngineChoice.Local(local.offer(hostPaths));
      }
      case "kubernetes" -> {
        refuse(LocalOptions.NAMES::contains, "local");
        yield kubernetes.choice(read, hostPaths);
      }
      default ->
          throw new IllegalArgumentException("--engine is local or kubernetes, not '" + name + "'");
    };
  }

  /// Options of the other engine would do nothing, which nobody would notice.
  private void refuse(Predicate<String> others, String engineOfOthers) {
    List<String> given =
        spec == null
            ? List.of()
            : spec.commandLine().getParseResult().matchedOptions().stream()
                .map(OptionSpec::longestName)
                .filter(others)
                .distinct()
                .toList();
    if (!given.isEmpty()) {
      throw new IllegalArgumentException(
          "%s %s with --engine %s only"
              .formatted(
                  String.join(", ", given), given.size() == 1 ? "goes" : "go", engineOfOthers));
    }
  }
}
