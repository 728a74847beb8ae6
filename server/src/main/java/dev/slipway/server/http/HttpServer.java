package dev.slipway.server.http;

import io.javalin.Javalin;
import io.javalin.compression.CompressionStrategy;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.json.JavalinJackson3;
import io.javalin.util.JavalinBindException;
import io.javalin.util.JavalinLogger;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.LowResourceMonitor;
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

  /// A route as it was registered.
  ///
  /// @param pattern such as `/v2/apps/<id>`
  public record Route(String method, String pattern) {}

  private final String host;
  private final Javalin javalin;
  private final SlowHeaders slowHeaders;
  private final List<Route> routes;
  private final AtomicBoolean closed = new AtomicBoolean();

  private HttpServer(String host, Javalin javalin, SlowHeaders slowHeaders, List<Route> routes) {
    this.host = host;
    this.javalin = javalin;
    this.slowHeaders = slowHeaders;
    this.routes = List.copyOf(routes);
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
    JavalinLogger.startupInfo = false;
    List<Route> routes = new ArrayList<>();
    var slowHeaders = new SlowHeaders(settings.limits().headerTimeout());
    List<String> uploads = groups.stream().flatMap(group -> group.uploads().stream()).toList();
    var gate = new Gate(settings, uploads, slowHeaders, observer);
    Javalin javalin =
        Javalin.create(
            config -> {
              quick(config);
              connect(config, settings, gate, slowHeaders);
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
    try {
      javalin.start();
    } catch (JavalinBindException inUse) {
      throw new ListenProblem(
          "cannot listen on %s port %d: is it in use by another program?"
              .formatted(settings.host(), settings.port()),
          inUse);
    }
    slowHeaders.start();
    LOG.info("http.started host={} port={}", settings.host(), javalin.port());
    return new HttpServer(settings.host(), javalin, slowHeaders, routes);
  }

  /// The port that is listened on.
  public int port() {
    return javalin.port();
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
      javalin.stop();
      slowHeaders.close();
      LOG.info("http.stopped");
    }
  }

  /// No banner, no look for newer versions, nothing compressed: the network is not what is slow
  /// here.
  private static void quick(JavalinConfig config) {
    config.startup.showJavalinBanner = false;
    config.startup.showOldJavalinVersionWarning = false;
    config.startup.startupWatcherEnabled = false;
    config.http.compressionStrategy = CompressionStrategy.NONE;
    config.http.prefer405over404 = true;
    config.http.defaultContentType = "application/json";
    config.jsonMapper(new JavalinJackson3(Json.mapper(), true));
    // Clients of Marathon write double slashes, trailing ones and %2F in ids.
    config.router.treatMultipleSlashesAsSingleSlash = true;
    config.router.ignoreTrailingSlashes = true;
  }

  private static void connect(
      JavalinConfig config, HttpSettings settings, Gate gate, SlowHeaders slowHeaders) {
    HttpLimits limits = settings.limits();
    config.http.maxRequestSize = limits.bodyBytes();
    var threads = new QueuedThreadPool(MAX_THREADS, MIN_THREADS);
    threads.setName("http");
    threads.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("http-"));
    config.jetty.threadPool = threads;
    config.jetty.modifyServer(
        server -> {
          server.setHandler(gate);
          server.removeBean(server.getBean(LowResourceMonitor.class));
          server.setErrorHandler(new BareErrors());
          server.setStopTimeout(limits.stopTimeout().toMillis());
        });
    config.jetty.modifyServletContextHandler(
        context -> context.getServletHandler().setDecodeAmbiguousURIs(true));
    config.jetty.modifyHttpConfiguration(http -> configure(http, limits));
    config.jetty.addConnector((server, http) -> connector(server, http, settings, slowHeaders));
  }

  private static void configure(HttpConfiguration http, HttpLimits limits) {
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(limits.headerBytes());
    http.setUriCompliance(
        UriCompliance.from(
            EnumSet.of(Violation.AMBIGUOUS_EMPTY_SEGMENT, Violation.AMBIGUOUS_PATH_SEPARATOR)));
  }

  private static ServerConnector connector(
      Server server, HttpConfiguration http, HttpSettings settings, SlowHeaders slowHeaders) {
    var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(settings.host());
    connector.setPort(settings.port());
    connector.setIdleTimeout(settings.limits().idleTimeout().toMillis());
    connector.setAcceptQueueSize(ACCEPT_QUEUE);
    connector.addBean(slowHeaders);
    connector.addBean(new NetworkConnectionLimit(settings.limits().connections(), connector));
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
