package dev.slipway.server;

import dev.slipway.artifacts.AddressPolicy;
import dev.slipway.artifacts.ArtifactStore;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.state.State;
import dev.slipway.server.api.ArtifactRoutes;
import dev.slipway.server.api.DeploymentRoutes;
import dev.slipway.server.api.FileRoutes;
import dev.slipway.server.api.Metrics;
import dev.slipway.server.api.NodeRoutes;
import dev.slipway.server.api.PlacementRoutes;
import dev.slipway.server.api.RebalanceRoutes;
import dev.slipway.server.api.ServerFacts;
import dev.slipway.server.api.ServerHealth;
import dev.slipway.server.api.StateRoutes;
import dev.slipway.server.api.StateSource;
import dev.slipway.server.api.StatusRoutes;
import dev.slipway.server.api.VolumeRoutes;
import dev.slipway.server.api.WhatIfRoutes;
import dev.slipway.server.control.ControlLoop;
import dev.slipway.server.control.LoopClock;
import dev.slipway.server.control.Strays;
import dev.slipway.server.control.UsageBoard;
import dev.slipway.server.exec.ExecRoutes;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.RouteGroup;
import dev.slipway.server.link.LinkedArtifacts;
import dev.slipway.server.marathon.Control;
import dev.slipway.server.marathon.MarathonApi;
import dev.slipway.server.marathon.ServerInfo;
import dev.slipway.server.marathon.Surroundings;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.marathon.event.SubscriptionStore;
import dev.slipway.server.mesos.FilesEndpoint;
import dev.slipway.server.mesos.StateEndpoint;
import dev.slipway.server.probe.HealthProber;
import dev.slipway.server.secret.SecretCheck;
import dev.slipway.server.secret.SecretRoutes;
import dev.slipway.server.secret.SecretStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/// The HTTP side of a server: Marathon's API, our own, metrics and health, behind one gate.
final class Routes implements AutoCloseable {
  private final MarathonApi marathon;
  private final HttpServer http;

  /// What the APIs read from and write to.
  record Sources(
      ControlLoop loop,
      LoopClock clock,
      Engine engine,
      String isolation,
      String hostname,
      ArtifactStore artifacts,
      HealthProber prober,
      UsageBoard usage,
      Strays strays,
      EventStreams events,
      SubscriptionStore subscriptions,
      SecretStore secrets,
      Optional<LinkedArtifacts> linked) {}

  /// The state and the loop, as each API asks for them.
  private record Loop(ControlLoop loop, LoopClock clock, SecretCheck secrets)
      implements StateSource, Control {
    @Override
    public State state() {
      return loop.published().state();
    }

    @Override
    public Instant now() {
      return clock.now();
    }

    @Override
    public Reply submit(Input.Command wish) {
      return refusal(wish).<Reply>map(refused -> refused).orElseGet(() -> loop.submit(wish));
    }

    @Override
    public Optional<Reply.Refused> refusal(Input.Command wish) {
      return secrets.refusal(state(), wish);
    }
  }

  Routes(HttpSettings settings, Sources sources) {
    var port = new AtomicInteger(settings.port());
    var loop = new Loop(sources.loop(), sources.clock(), new SecretCheck(sources.secrets()));
    var info = new ServerInfo(name(settings, sources), port::get, Version.text());
    marathon =
        new MarathonApi(
            loop,
            sources.prober(),
            info,
            new Surroundings(
                sources.events(),
                sources.subscriptions(),
                AddressPolicy.DEFAULT::objectionTo,
                sources.loop()::renewLeadership));
    sources.strays().onEnd(marathon::strayEnded);
    sources.prober().onFailure(marathon::healthCheckFailed);
    var facts =
        new ServerFacts(
            Version.text(),
            sources.clock().now(),
            sources.isolation(),
            ServerFacts.limits(settings.limits()));
    var metrics = new Metrics(loop, counters(sources), gauges(sources));
    List<RouteGroup> groups =
        new ArrayList<>(
            List.of(
                marathon,
                new StateRoutes(loop, facts, sources.prober(), sources.usage()::of),
                new DeploymentRoutes(loop, loop::submit),
                new NodeRoutes(loop, loop::submit),
                new PlacementRoutes(loop, loop::submit),
                new RebalanceRoutes(loop, loop::submit),
                new WhatIfRoutes(loop),
                new VolumeRoutes(loop, loop::submit, sources.engine()::volumes),
                new FileRoutes(sources.engine()::sandbox),
                new ExecRoutes(sources.engine()),
                new FilesEndpoint(sources.engine()::sandbox, loop),
                new StateEndpoint(
                    loop, sources.engine()::ended, facts, name(settings, sources), port::get),
                new ArtifactRoutes(new StoreShelf(sources.artifacts())),
                new SecretRoutes(sources.secrets(), loop::state),
                new StatusRoutes(() -> health(sources.loop()), metrics)));
    sources.linked().ifPresent(groups::add);
    http = HttpServer.start(settings, groups, metrics);
    port.set(http.port());
  }

  int port() {
    return http.port();
  }

  /// The name that clients are told: the node's, where every address is listened on.
  private static String name(HttpSettings settings, Sources sources) {
    boolean everywhere = settings.host().equals("0.0.0.0") || settings.host().equals("::");
    return everywhere ? sources.hostname() : settings.host();
  }

  private static ServerHealth health(ControlLoop loop) {
    return new ServerHealth(true, loop.unwritable(), loop.backlog(), Optional.empty());
  }

  private static Map<String, LongSupplier> counters(Sources sources) {
    ControlLoop.Counters counters = sources.loop().counters();
    return Map.of(
        "control.inputs", counters.inputs()::get,
        "control.faults", counters.faults()::get,
        "journal.events", counters.events()::get,
        "journal.appends", counters.appends()::get,
        "journal.full", counters.refusedForSpace()::get,
        "tasks.strays", sources.strays()::count);
  }

  private static Map<String, LongSupplier> gauges(Sources sources) {
    return Map.of(
        "control.backlog",
        sources.loop()::backlog,
        "health.kills.held",
        () -> sources.prober().alarm().isPresent() ? 1 : 0);
  }

  @Override
  public void close() {
    marathon.close();
    http.close();
  }
}
