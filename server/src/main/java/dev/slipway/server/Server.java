package dev.slipway.server;

import dev.slipway.artifacts.ArtifactLimits;
import dev.slipway.artifacts.ArtifactStore;
import dev.slipway.artifacts.FetchPolicy;
import dev.slipway.artifacts.Fetcher;
import dev.slipway.artifacts.WebProxies;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.core.leadership.ServerId;
import dev.slipway.engine.kubernetes.ArtifactLinks;
import dev.slipway.journal.DirectoryLock;
import dev.slipway.journal.Journal;
import dev.slipway.journal.Recovered;
import dev.slipway.server.control.EventFeed;
import dev.slipway.server.control.EventLog;
import dev.slipway.server.control.LoopCounters;
import dev.slipway.server.control.Mandate;
import dev.slipway.server.control.Published;
import dev.slipway.server.control.RecentEvents;
import dev.slipway.server.control.Strays;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.TokenFile;
import dev.slipway.server.link.LinkKey;
import dev.slipway.server.link.LinkedArtifacts;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.marathon.event.SubscriptionFile;
import dev.slipway.server.probe.FailedChecks;
import dev.slipway.server.secret.SecretStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running server, wired from its parts in the order in which they start; they stop in the
/// reverse order. What it does while it leads is a [Term], made anew each time it takes the
/// leadership; everything else lives as long as the server. Stopping it leaves the tasks running.
public final class Server implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  private final Closing closing = new Closing();
  private final Leadership leadership;
  private final Optional<Membership> membership;
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
      Journal journal =
          closing.add(settings.journal().open(closing.add(DirectoryLock.acquire(data))));
      if (journal.isShared()) {
        checkReachable(settings);
        checkKeys(settings);
      }
      var recent = new RecentEvents();
      Recovered recovered = journal.recover(recent);
      recovered.warnings().forEach(warning -> LOG.warn("journal.warning message=\"{}\"", warning));
      var known = new Published(recovered.state(), recovered.sequence());
      leadership = new Leadership(() -> known);

      artifacts = ArtifactStore.open(data.resolve("artifacts"), ArtifactLimits.DEFAULT);
      boolean loopback = HttpSettings.isLoopback(settings.host());
      Fetcher fetcher = closing.add(fetcher(data, artifacts, loopback));
      var feed = new EventFeed();
      var log = new EventLog();
      feed.subscribe(event -> leadership.term().ifPresent(term -> log.accept(event)));
      var events = new EventStreams(leadership::now, recovered.sequence(), recent.all());
      feed.subscribe(events);
      feed.start();
      closing.add(feed);

      var secrets =
          new SecretStore(
              journal.sealedValues(),
              settings.keys(),
              leadership::epoch,
              InstantSource.system(),
              journal.isShared());
      Optional<LinkedArtifacts> linked = linked(settings);
      var means = new EngineParts.Means(data, fetcher, secrets, links(settings, linked));
      var ground =
          new Term.Ground(
              journal,
              () -> engines.make(means),
              feed,
              new LoopCounters(),
              new Strays(),
              new FailedChecks());
      if (journal.isShared()) {
        Membership several = closing.add(new Membership(settings, ground, recovered, leadership));
        several.serve(ground, secrets, events);
        membership = Optional.of(several);
      } else {
        membership = Optional.empty();
        lead(ground, secrets, known, stopped);
      }

      var access = access(settings, loopback);
      newToken = access.made();
      Routes routes =
          closing.add(
              new Routes(
                  access.settings(),
                  new Routes.Sources(
                      leadership,
                      membership,
                      ground,
                      artifacts,
                      events,
                      new SubscriptionFile(data.resolve(SubscriptionFile.NAME)),
                      secrets,
                      linked)));
      uri = URI.create("http://" + reachable(settings.host()) + ":" + routes.port());
      membership.ifPresent(several -> several.stand(settings.member().advertise().orElse(uri)));
    } catch (IOException | RuntimeException failure) {
      // Nobody leads yet who would have to give the lead back.
      closing.close();
      throw failure;
    }
  }

  /// Other servers pass requests on to the leader by the address that it tells.
  private static void checkReachable(ServerSettings settings) {
    boolean everywhere = settings.host().equals("0.0.0.0") || settings.host().equals("::");
    if (everywhere && settings.member().advertise().isEmpty()) {
      throw new IllegalArgumentException(
          "A server that listens on %s has to say where the others reach it: --advertise http://HOST:PORT"
              .formatted(settings.host()));
    }
  }

  /// Each server would make its own, and what one of them gave out would be refused by the next.
  private static void checkKeys(ServerSettings settings) {
    List<String> needed = new ArrayList<>();
    if (!HttpSettings.isLoopback(settings.host())) {
      needed.add(TokenFile.NAME);
    }
    if (settings.engine() instanceof EngineChoice.Kubernetes) {
      needed.add(LinkKey.NAME);
    }
    for (String name : needed) {
      Path file = settings.keys().resolve(name);
      if (!Files.exists(file)) {
        throw new IllegalArgumentException(
            "%s is missing, which the servers of a platform have in common. Copy it from a server that has it, or make all such files with `slipway kubernetes keys`, and name their directory with --keys"
                .formatted(file));
      }
    }
  }

  /// Leads from now on to the end: on a journal of its own no other server can.
  private void lead(
      Term.Ground ground, SecretStore secrets, Published known, Consumer<String> stopped)
      throws IOException {
    EngineParts parts = ground.engines().open();
    Epoch epoch =
        ground
            .journal()
            .takeLeadership(
                new Candidate(new ServerId(UUID.randomUUID()), "", ""),
                ElectionRules.DEFAULT.lease(),
                parts.engine().fence().epoch());
    var entry = new Term.Entry(known, epoch, Mandate.unbounded());
    Term term =
        closing.add(
            Term.begin(ground.with(() -> parts), entry, over -> stopped.accept(over.message())));
    term.takeOver();
    leadership.enter(term);
    secrets.start();
  }

  private static Fetcher fetcher(Path data, ArtifactStore artifacts, boolean loopback)
      throws IOException {
    return new Fetcher(
        artifacts,
        data.resolve("fetched"),
        (loopback ? FetchPolicy.forOneMachine() : FetchPolicy.forSharedMachines())
            .withProxies(WebProxies.of(System.getenv())),
        ArtifactLimits.DEFAULT);
  }

  /// Links for pods, which do not share this machine's disk.
  private Optional<LinkedArtifacts> linked(ServerSettings settings) throws IOException {
    if (!(settings.engine() instanceof EngineChoice.Kubernetes)) {
      return Optional.empty();
    }
    return Optional.of(
        new LinkedArtifacts(
            LinkKey.in(settings.keys()), new StoreStock(artifacts), InstantSource.system()));
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

  /// The state as this server knows it.
  public Published published() {
    return leadership.published();
  }

  /// What tasks are run with, while this server leads.
  public Optional<EngineParts> engine() {
    return leadership.term().map(Term::parts);
  }

  public ArtifactStore artifacts() {
    return artifacts;
  }

  /// How clients prove themselves: not at all on loopback, by a token anywhere else.
  private record Access(HttpSettings settings, Optional<TokenFile.NewToken> made) {}

  private static Access access(ServerSettings settings, boolean loopback) throws IOException {
    if (loopback) {
      return new Access(
          HttpSettings.DEFAULT.at(settings.host(), settings.port()), Optional.empty());
    }
    TokenFile.Loaded token = TokenFile.loadOrCreate(settings.keys().resolve(TokenFile.NAME));
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

  /// Ends. Of several servers, the one that leads gives the lead back first, so that another takes
  /// over while this one still passes requests on.
  @Override
  public void close() {
    membership.ifPresent(Membership::resign);
    closing.close();
  }
}
