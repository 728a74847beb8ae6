package dev.slipway.server.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.servlet.JavalinServlet;
import io.javalin.json.JavalinJackson3;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The HTTP server: Jetty for the protocol, Javalin for the routes, a {@link Gate} before both.
///
/// A few platform threads move bytes; each request has a virtual thread, on which handlers may
/// block.
public final class HttpServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
  private static final int MIN_THREADS = 4;
  private static final int MAX_THREADS = 16;
  private static final int ACCEPT_QUEUE = 512;

  /// How long connections without a request may stay open while others wait to be accepted.
  private static final Duration CROWDED_IDLE = Duration.ofSeconds(1);

  /// How long connections without a request may stay open at the end.
  private static final Duration SHUTDOWN_IDLE = Duration.ofMillis(100);

  static {
    // Jetty pads its queues by this number. To find it out it would make all management beans, also
    // those of the flight recorder: 140 ms of processor time at every start, and 6 MB.
    if (System.getProperty("org.eclipse.jetty.util.referencesPerCacheLine") == null) {
      System.setProperty("org.eclipse.jetty.util.referencesPerCacheLine", "16");
    }
  }

  /// A route as it was registered.
  ///
  /// @param pattern such as `/v2/apps/<id>`
  public record Route(String method, String pattern) {}

  private final String host;
  private final Server jetty;
  private final ServerConnector connector;
  private final SlowHeaders slowHeaders;
  private final List<Route> routes;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HttpServer(
      HttpSettings settings, Gate gate, SlowHeaders slowHeaders, List<Route> routes) {
    this.host = settings.host();
    this.slowHeaders = slowHeaders;
    this.routes = List.copyOf(routes);
    var threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
    jetty = new Server(threads);
    jetty.setHandler(gate);
    jetty.setErrorHandler(new BareErrors());
    jetty.setStopTimeout(settings.limits().stopTimeout().toMillis());
    connector = connector(jetty, settings, slowHeaders);
    jetty.addConnector(connector);
  }

  private void listen(HttpSettings settings) {
    try {
      jetty.start();
    } catch (IOException inUse) {
      stopped();
      throw new ListenProblem(
          "cannot listen on %s port %d: %s"
              .formatted(settings.host(), settings.port(), reason(inUse)),
          inUse);
    } catch (Exception fault) {
      stopped();
      throw new IllegalStateException("the HTTP server does not start", fault);
    }
    slowHeaders.start();
    LOG.info("http.started host={} port={}", host, port());
  }

  /// Of the failure to listen, the cause says it best: `Address already in use`.
  private static String reason(IOException failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return String.valueOf(cause.getMessage());
  }

  /// Loads in the background what a start needs, and returns at once. Most of the time that a start
  /// takes goes into loading classes, and whoever starts a server has other things to open first.
  public static void prepare() {
    Thread.ofPlatform()
        .name("http-prepare")
        .daemon()
        .start(
            () -> {
              Javalin javalin = Javalin.create(config -> configure(config, HttpLimits.DEFAULT));
              servlets(javalin);
              new Server();
              Json.quoted("");
            });
  }

  /// Listens and answers when it returns.
  ///
  /// @throws ListenProblem when the address cannot be listened on
  public static HttpServer start(HttpSettings settings, List<RouteGroup> groups) {
    return start(settings, groups, request -> {});
  }

  /// @param observer told of every request that was answered; returns at once
  public static HttpServer start(
      HttpSettings settings, List<RouteGroup> groups, Consumer<ServedRequest> observer) {
    return start(settings, groups, observer, UnaryOperator.identity());
  }

  /// @param inner makes what stands between the gate and the routes
  public static HttpServer start(
      HttpSettings settings,
      List<RouteGroup> groups,
      Consumer<ServedRequest> observer,
      UnaryOperator<Handler> inner) {
    List<Route> routes = new ArrayList<>();
    var slowHeaders = new SlowHeaders(settings.limits().headerTimeout());
    List<String> uploads = groups.stream().flatMap(group -> group.uploads().stream()).toList();
    var proofs = new ProofCheck(groups.stream().flatMap(group -> group.proofs().stream()).toList());
    var gate = new Gate(settings, uploads, proofs, slowHeaders, observer);
    Javalin javalin =
        Javalin.create(
            config -> {
              configure(config, settings.limits());
              config.events.handlerAdded(
                  added -> {
                    if (added.getHttpMethod().isHttpMethod()) {
                      routes.add(new Route(added.getHttpMethod().name(), added.getPath()));
                    }
                  });
              FailureAnswers.register(config.routes);
              config.router.javaLangErrorHandler(HttpServer::fault);
              config.routes.beforeMatched(HttpServer::noteRoute);
              groups.forEach(group -> group.register(config.routes));
            });
    List<SocketRoute> sockets = groups.stream().flatMap(g -> g.sockets().stream()).toList();
    gate.setHandler(inner.apply(new Sockets(sockets, servlets(javalin))));
    var server = new HttpServer(settings, gate, slowHeaders, routes);
    server.listen(settings);
    return server;
  }

  /// The port that is listened on.
  public int port() {
    return connector.getLocalPort();
  }

  /// Where programs on this machine reach it.
  public URI uri() {
    String name = isAnyAddress(host) ? HttpSettings.DEFAULT_HOST : host;
    return URI.create(
        "http://%s:%d".formatted(name.contains(":") ? "[" + name + "]" : name, port()));
  }

  private static boolean isAnyAddress(String host) {
    return host.equals("0.0.0.0") || host.equals("::");
  }

  /// What was registered, in that order.
  public List<Route> routes() {
    return routes;
  }

  /// Takes no more requests, waits for those that go on as long as the limits say, and ends. Event
  /// streams last as long as their clients wish: whoever holds them ends them before.
  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      stopped();
      slowHeaders.close();
      LOG.info("http.stopped");
    }
  }

  private void stopped() {
    try {
      jetty.stop();
    } catch (Exception failure) {
      // Requests that did not end in time; their threads are interrupted.
      LOG.warn("http.stop.incomplete reason=\"{}\"", failure.getMessage());
    }
  }

  /// No banner, no look for newer versions, nothing compressed: Marathon's API does so itself where
  /// it is worth it, and everything else is short or must not wait.
  private static void configure(JavalinConfig config, HttpLimits limits) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.prefer405over404 = true;
    config.http.defaultContentType = "application/json";
    config.http.maxRequestSize = limits.bodyBytes();
    config.jsonMapper(new JavalinJackson3(Json.mapper(), true));
    // Clients of Marathon write double slashes, trailing ones and %2F in ids.
    config.router.treatMultipleSlashesAsSingleSlash = true;
    config.router.ignoreTrailingSlashes = true;
  }

  /// Only what is needed: Javalin's own server has sessions and WebSockets, too, and does not let
  /// the connector be set up as freely. [Sockets] stands before it.
  private static ServletContextHandler servlets(Javalin javalin) {
    var servlet = new JavalinServlet(javalin.unsafe);
    var context = new ServletContextHandler(ServletContextHandler.NO_SESSIONS);
    context.addServlet(new ServletHolder(servlet), "/*");
    context.getServletHandler().setDecodeAmbiguousURIs(true);
    return context;
  }

  private static ServerConnector connector(
      Server server, HttpSettings settings, SlowHeaders slowHeaders) {
    HttpLimits limits = settings.limits();
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(limits.headerBytes());
    http.setUriCompliance(
        UriCompliance.from(
            EnumSet.of(Violation.AMBIGUOUS_EMPTY_SEGMENT, Violation.AMBIGUOUS_PATH_SEPARATOR)));
    var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(limits.idleTimeout().toMillis());
    connector.setShutdownIdleTimeout(SHUTDOWN_IDLE.toMillis());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    connector.addBean(slowHeaders);
    var connections = new NetworkConnectionLimit(limits.connections(), connector);
    connections.setEndPointIdleTimeout(CROWDED_IDLE.toMillis());
    server.addBean(connections);
    return connector;
  }

  private static void noteRoute(Context context) {
    if (context.attribute(Exchange.ATTRIBUTE) instanceof Exchange exchange) {
      var matched = context.endpoints().matchedHttpEndpoint();
      if (matched != null) {
        exchange.matched(matched.path);
      }
    }
  }

  /// What is no exception but an error, such as a stack that overflowed.
  private static void fault(HttpServletResponse response, Error error) {
    String message = FailureAnswers.fault(error);
    response.setStatus(500);
    response.setContentType("application/json");
    try {
      response.getOutputStream().write(ErrorBody.of("", 500, message).bytes());
    } catch (IOException gone) {
      LOG.debug("http.client.gone");
    }
  }
}
