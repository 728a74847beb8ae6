package dev.slipway.server;

import dev.slipway.artifacts.ArtifactLimits;
import dev.slipway.artifacts.ArtifactStore;
import dev.slipway.artifacts.FetchPolicy;
import dev.slipway.artifacts.Fetcher;
import dev.slipway.artifacts.WebProxies;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.Epoch;
import dev.slipway.engine.kubernetes.ArtifactLinks;
import dev.slipway.journal.DirectoryLock;
import dev.slipway.journal.Journal;
import dev.slipway.journal.Recovered;
import dev.slipway.journal.SqlJournal;
import dev.slipway.server.control.ControlLoop;
import dev.slipway.server.control.EffectRunner;
import dev.slipway.server.control.EngineSights;
import dev.slipway.server.control.EventFeed;
import dev.slipway.server.control.EventLog;
import dev.slipway.server.control.LoopClock;
import dev.slipway.server.control.PressureWatch;
import dev.slipway.server.control.Published;
import dev.slipway.server.control.RecentEvents;
import dev.slipway.server.control.SnapshotKeeper;
import dev.slipway.server.control.Strays;
import dev.slipway.server.control.UsageBoard;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.TokenFile;
import dev.slipway.server.link.LinkKey;
import dev.slipway.server.link.LinkedArtifacts;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.marathon.event.SubscriptionFile;
import dev.slipway.server.probe.HealthProber;
import dev.slipway.server.secret.SecretStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server, wired from its parts in the order in which they start; they stop in the
/// reverse order. Stopping it leaves the tasks running.
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  // The last part started is the first to end.
  private final Deque<Runnable> closing = new ArrayDeque<>();
  private final ControlLoop loop;
  private final EngineParts parts;
  private final ArtifactStore artifacts;
  private final URI uri;
  private final Optional<TokenFile.NewToken> newToken;

  /// Starts a server. When it returns, the API answers.
  ///
  /// @param stopped told why, should the server be unable to go on: another server writes now, or
  /// the
  ///     journal broke
  /// @throws IOException when the data directory cannot be used
  public static Server start(ServerSettings settings, Consumer<String> stopped) throws IOException {
    return start(settings, stopped, Engines.of(settings.engine()));
  }

  /// Starts a server that runs tasks with this engine, whatever the settings say.
  ///
  /// @throws IOException when the data directory cannot be used, or the engine cannot work here
  public static Server start(
      ServerSettings settings, Consumer<String> stopped, EngineParts.Factory engines)
      throws IOException {
    return new Server(settings, stopped, engines);
  }

  private Server(ServerSettings settings, Consumer<String> stopped, EngineParts.Factory engines)
      throws IOException {
    HttpServer.prepare();
    try {
      Path data = privateDirectory(settings.data());
      DirectoryLock lock = closedLater(DirectoryLock.acquire(data));
      Journal journal = closedLater(SqlJournal.open(lock));
      var recent = new RecentEvents();
      Recovered recovered = journal.recover(recent);
      recovered.warnings().forEach(warning -> LOG.warn("journal.warning message=\"{}\"", warning));
      Epoch epoch = journal.takeLeadership();

      artifacts = ArtifactStore.open(data.resolve("artifacts"), ArtifactLimits.DEFAULT);
      boolean loopback = HttpSettings.isLoopback(settings.host());
      Fetcher fetcher =
          new Fetcher(
              artifacts,
              data.resolve("fetched"),
              (loopback ? FetchPolicy.forOneMachine() : FetchPolicy.forSharedMachines())
                  .withProxies(WebProxies.of(System.getenv())),
              ArtifactLimits.DEFAULT);
      closing.push(() -> quietly(fetcher));

      var clock = new LoopClock();
      var feed = new EventFeed();
      feed.subscribe(new EventLog());
      var events = new EventStreams(clock::now, recovered.sequence(), recent.all());
      feed.subscribe(events);
      loop =
          new ControlLoop(
              journal,
              new Published(recovered.state(), recovered.sequence()),
              epoch,
              clock,
              feed,
              stopped);
      var secrets =
          new SecretStore(journal.sealedValues(), data, loop::epoch, InstantSource.system());
      secrets.start();
      Optional<LinkedArtifacts> linked = linked(settings, data);
      parts = engines.make(new EngineParts.Means(data, fetcher, secrets, links(settings, linked)));
      Engine engine = parts.engine();
      closing.push(engine::close);
      var strays = new Strays();
      EffectRunner effects = closedLater(new EffectRunner(engine, loop::tell, clock, strays));
      var usage = new UsageBoard();
      HealthProber prober = new HealthProber(loop, engine, clock);
      SnapshotKeeper snapshots = new SnapshotKeeper(journal, loop::published);

      loop.start(effects::carryOut);
      closing.push(loop::close);
      loop.tell(new Input.TakeLeadership(epoch, UUID.randomUUID().toString()));
      var watch = new PressureWatch(() -> loop.published().state(), loop::tell, usage);
      engine.start(new EngineSights(loop::tell, usage, watch, strays, InstantSource.system()));
      prober.start();
      closing.push(prober::close);
      snapshots.start();
      closing.push(snapshots::close);

      var access = access(settings, data, loopback);
      newToken = access.made();
      Routes routes =
          closedLater(
              new Routes(
                  access.settings(),
                  new Routes.Sources(
                      loop,
                      clock,
                      engine,
                      parts.isolation(),
                      parts.hostname(),
                      artifacts,
                      prober,
                      usage,
                      strays,
                      events,
                      new SubscriptionFile(data.resolve(SubscriptionFile.NAME)),
                      secrets,
                      linked)));
      uri = URI.create("http://" + reachable(settings.host()) + ":" + routes.port());
    } catch (IOException | RuntimeException failure) {
      close();
      throw failure;
    }
  }

  /// Links for pods, which do not share this machine's disk.
  private Optional<LinkedArtifacts> linked(ServerSettings settings, Path data) throws IOException {
    if (!(settings.engine() instanceof EngineChoice.Kubernetes)) {
      return Optional.empty();
    }
    return Optional.of(
        new LinkedArtifacts(LinkKey.in(data), new StoreStock(artifacts), InstantSource.system()));
  }

  private ArtifactLinks links(ServerSettings settings, Optional<LinkedArtifacts> linked) {
    return settings.engine() instanceof EngineChoice.Kubernetes chosen && linked.isPresent()
        ? new StoreLinks(artifacts, linked.get(), chosen.server())
        : ArtifactLinks.NONE;
  }

  /// Where clients on this machine reach the API.
  public URI uri() {
    return uri;
  }

  /// The access token, if this start made it.
  public Optional<TokenFile.NewToken> newToken() {
    return newToken;
  }

  public ControlLoop loop() {
    return loop;
  }

  /// What tasks are run with.
  public EngineParts engine() {
    return parts;
  }

  public ArtifactStore artifacts() {
    return artifacts;
  }

  /// How clients prove themselves: not at all on loopback, by a token anywhere else.
  private record Access(HttpSettings settings, Optional<TokenFile.NewToken> made) {}

  private static Access access(ServerSettings settings, Path data, boolean loopback)
      throws IOException {
    if (loopback) {
      return new Access(
          HttpSettings.DEFAULT.at(settings.host(), settings.port()), Optional.empty());
    }
    TokenFile.Loaded token = TokenFile.loadOrCreate(data.resolve(TokenFile.NAME));
    return new Access(
        new HttpSettings(
            settings.host(),
            settings.port(),
            Optional.of(token.hash()),
            HttpSettings.DEFAULT.limits()),
        token.made());
  }

  /// The address by which this machine reaches what listens on `host`.
  private static String reachable(String host) {
    boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
    if (everywhere) {
      return ServerSettings.DEFAULT_HOST;
    }
    return host.contains(":") ? "[" + host + "]" : host;
  }

  /// The data directory, made for the owner alone. Others may pass through it, since tasks run
  /// under accounts of their own and have to reach their sandboxes.
  private static Path privateDirectory(Path data) throws IOException {
    if (!Files.isDirectory(data)) {
      Files.createDirectories(
          data, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x")));
    }
    return data.toRealPath();
  }

  private <C extends AutoCloseable> C closedLater(C part) {
    closing.push(() -> quietly(part));
    return part;
  }

  // What a part may throw when it is closed says nothing that its own log line does not.
  private static void quietly(AutoCloseable part) {
    try {
      part.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception failure) {
      LOG.warn("server.close.failed part={}", part.getClass().getSimpleName(), failure);
    }
  }

  @Override
  public void close() {
    while (!closing.isEmpty()) {
      Runnable next = closing.pop();
      try {
        next.run();
      } catch (RuntimeException failure) {
        // The rest has to be closed too; the tasks and the journal are safe in any case.
        LOG.error("server.close.failed", failure);
      }
    }
  }
}
