package dev.slipway.cli.server;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;
import dev.slipway.cli.Session;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.engine.local.HostPath;
import dev.slipway.engine.local.IsolationTier;
import dev.slipway.server.Server;
import dev.slipway.server.ServerSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Runs the platform until it is told to end. Tasks outlive it.
@Command(
    name = "server",
    description = "Runs the platform on this machine, in the foreground. Tasks outlive it.",
    footer = {
      "",
      "Options may also be set as SLIPWAY_DATA and SLIPWAY_LISTEN.",
      "",
      "Examples:",
      "  slipway server",
      "  slipway server --data /srv/slipway --nodes 3 --attribute rack=a",
      "  slipway server --listen 0.0.0.0:8080    (prints an access token on its first start)"
    })
public final class ServerCommand implements Callable<Integer> {
  private final Session session;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keeps everything: /var/lib/slipway for root, else ~/.local/share/slipway.")
  @Nullable Path data;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description = "Where the API listens; 127.0.0.1:8080. Elsewhere a token is demanded.")
  @Nullable String listen;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Offers this machine as N nodes that share its capacity; 1.")
  int nodes = 1;

  @Option(
      names = "--attribute",
      paramLabel = "NAME=VALUE",
      description = "What constraints may speak of; of every node. May be repeated.")
  Map<String, String> attributes = new TreeMap<>();

  @Option(
      names = "--dedicated",
      paramLabel = "NAME",
      description =
          "Takes only apps with a constraint that asks for this attribute. May be repeated.")
  List<String> dedicated = new ArrayList<>();

  @Option(
      names = "--disruption-risk",
      paramLabel = "LEVEL",
      description =
          "How likely this machine is to vanish: none, low, medium or high. Apps keep off, but for"
              + " those that tolerate it.")
  String risk = "none";

  @Option(
      names = "--gpus",
      paramLabel = "N",
      description = "How many of this machine's GPUs tasks may be given; all of NVIDIA's.")
  @Nullable Integer gpus;

  @Option(
      names = "--isolation",
      paramLabel = "TIER",
      description = "Refuse to start below it: process, user-namespaces, namespaces or bubblewrap.")
  String isolation = IsolationTier.PROCESS.label();

  @Option(
      names = "--allow-host-path",
      paramLabel = "DIR[:ro]",
      description = "A directory that apps may mount, with all below it. May be repeated.")
  List<String> hostPaths = new ArrayList<>();

  @Option(names = "--quiet", description = "Log warnings and errors only.")
  boolean quiet;

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
        "Slipway %s listens on %s (%s, isolation: %s)"
            .formatted(
                dev.slipway.cli.Version.text(),
                server.uri(),
                dev.slipway.cli.Words.count(server.engine().nodes(), "node"),
                server.engine().isolation()));
    session.surroundings().out().flush();
  }

  private ServerSettings settings() {
    Map<String, String> environment = session.surroundings().environment();
    String address = listen != null ? listen : environment.getOrDefault("SLIPWAY_LISTEN", "");
    Listen where =
        address.isEmpty()
            ? new Listen(ServerSettings.DEFAULT_HOST, ServerSettings.DEFAULT_PORT)
            : Listen.of(address);
    try {
      var settings =
          ServerSettings.in(DataDirectory.of(data, environment))
              .listening(where.host(), where.port())
              .offering(nodes, attributes)
              .dedicatedTo(dedicated)
              .risking(risk(risk))
              .isolatedAtLeast(IsolationTier.of(isolation))
              .allowing(hostPaths.stream().map(HostPath::parse).toList());
      return gpus == null ? settings : settings.offeringGpus(gpus);
    } catch (IllegalArgumentException wrong) {
      throw Complaint.of(Exit.USAGE, String.valueOf(wrong.getMessage()));
    }
  }

  private static DisruptionRisk risk(String text) {
    for (DisruptionRisk risk : DisruptionRisk.values()) {
      if (risk.name().equalsIgnoreCase(text)) {
        return risk;
      }
    }
    throw new IllegalArgumentException(
        "--disruption-risk is none, low, medium or high, not '" + text + "'");
  }
}
