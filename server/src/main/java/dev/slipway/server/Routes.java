package dev.slipway.server;

import dev.slipway.artifacts.AddressPolicy;
import dev.slipway.artifacts.ArtifactStore;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
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
import dev.slipway.server.api.ServersRoutes;
import dev.slipway.server.api.ServersText;
import dev.slipway.server.api.StateRoutes;
import dev.slipway.server.api.StateSource;
import dev.slipway.server.api.StatusRoutes;
import dev.slipway.server.api.VolumeRoutes;
import dev.slipway.server.api.WhatIfRoutes;
import dev.slipway.server.control.ControlLoop;
import dev.slipway.server.control.LoopCounters;
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
import dev.slipway.server.probe.HealthView;
import dev.slipway.server.secret.SecretCheck;
import dev.slipway.server.secret.SecretRoutes;
import dev.slipway.server.secret.SecretStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/// The HTTP side of a server: Marathon's API, our own, metrics and health, behind one gate.
final class Routes implements AutoCloseable {
  private final MarathonApi marathon;
  private final HttpServer http;

  /// What the APIs read from and write to.
  record Sources(
      Leadership leadership,
      Optional<Membership> membership,
      Term.Ground ground,
      ArtifactStore artifacts,
      EventStreams events,
      SubscriptionStore subscriptions,
      SecretStore secrets,
      Optional<LinkedArtifacts> linked) {}

  /// The state and the loop, as each API asks for them.
  private record Platform(Leadership leadership, SecretCheck secrets)
      implements StateSource, Control {
    @Override
    public State state() {
      return leadership.published().state();
    }

    @Override
    public Instant now() {
      return leadership.now();
    }

    @Override
    public Reply submit(Input.Command wish) {
      ControlLoop loop = leadership.required().loop();
      return refusal(wish).<Reply>map(refused -> refused).orElseGet(() -> loop.submit(wish));
    }

    @Override
    public Optional<Reply.Refused> refusal(Input.Command wish) {
      return secrets.refusal(state(), wish);
    }
  }

  Routes(HttpSettings settings, Sources sources) {
    var port = new AtomicInteger(settings.port());
    Leadership leadership = sources.leadership();
    HealthView health = leadership.health();
    var platform = new Platform(leadership, new SecretCheck(sources.secrets()));
    String name = name(settings, leadership);
    marathon =
        new MarathonApi(
            platform,
            health,
            info(name, port::get, sources.membership()),
            new Surroundings(
                sources.events(),
                sources.subscriptions(),
                AddressPolicy.DEFAULT::objectionTo,
                () -> abdicate(sources)));
    sources.ground().strays().onEnd(marathon::strayEnded);
    sources.ground().failedChecks().listen(marathon::healthCheckFailed);
    var facts =
        new ServerFacts(
            Version.text(),
            leadership.now(),
            () -> leadership.term().map(term -> term.parts().isolation()).orElse("unknown"),
            ServerFacts.limits(settings.limits()));
    var metrics = new Metrics(platform, counters(sources), gauges(sources));
    List<RouteGroup> groups =
        new ArrayList<>(
            List.of(
                marathon,
                new StateRoutes(
                    platform,
                    facts,
                    health,
                    task -> leadership.term().flatMap(term -> term.usage().of(task))),
                new DeploymentRoutes(platform, platform::submit),
                new NodeRoutes(platform, platform::submit),
                new PlacementRoutes(platform, platform::submit),
                new RebalanceRoutes(platform, platform::submit),
                new WhatIfRoutes(platform),
                new VolumeRoutes(platform, platform::submit, () -> leadership.engine().volumes()),
                new FileRoutes(task -> leadership.engine().sandbox(task)),
                new ExecRoutes(leadership::engine),
                new FilesEndpoint(task -> leadership.engine().sandbox(task), platform),
                new StateEndpoint(
                    platform, () -> leadership.engine().ended(), facts, name, port::get),
                new ArtifactRoutes(new StoreShelf(sources.artifacts())),
                new SecretRoutes(sources.secrets(), platform::state),
                new ServersRoutes(() -> servers(sources, name, port::get)),
                new StatusRoutes(() -> health(sources), metrics)));
    sources.linked().ifPresent(groups::add);
    http =
        HttpServer.start(
            settings,
            groups,
            metrics,
            next -> sources.membership().map(several -> several.forwarding(next)).orElse(next));
    port.set(http.port());
  }

  int port() {
    return http.port();
  }

  /// The name that clients are told: the node's, where every address is listened on.
  private static String name(HttpSettings settings, Leadership leadership) {
    boolean everywhere = settings.host().equals("0.0.0.0") || settings.host().equals("::");
    return everywhere
        ? leadership.term().map(term -> term.parts().hostname()).orElse(settings.host())
        : settings.host();
  }

  private static ServerInfo info(String name, IntSupplier port, Optional<Membership> membership) {
    return membership
        .map(
            several ->
                new ServerInfo(
                    several.self().getHost(), port, Version.text(), several::leaderAddress))
        .orElseGet(() -> new ServerInfo(name, port, Version.text()));
  }

  private static ServersText servers(Sources sources, String name, IntSupplier port) {
    return sources
        .membership()
        .map(several -> new MemberView(several).servers())
        .orElseGet(
            () ->
                MemberView.alone(
                    sources.leadership(),
                    new ServerInfo(name, port, Version.text()).ownAddress().toString()));
  }

  private static void abdicate(Sources sources) {
    sources
        .membership()
        .ifPresentOrElse(
            several -> several.abdicate("a client asked it to abdicate"),
            () -> sources.leadership().required().loop().renewLeadership());
  }

  private static ServerHealth health(Sources sources) {
    Optional<ControlLoop> loop = sources.leadership().term().map(Term::loop);
    return new ServerHealth(
        loop.isPresent(),
        loop.flatMap(ControlLoop::unwritable)
            .or(() -> sources.membership().flatMap(Membership::problem)),
        loop.map(ControlLoop::backlog).orElse(0),
        sources.leadership().term().flatMap(Term::engineProblem),
        sources.membership().map(several -> new MemberView(several).health()));
  }

  private static Map<String, LongSupplier> counters(Sources sources) {
    LoopCounters counters = sources.ground().counters();
    Map<String, LongSupplier> all =
        new HashMap<>(
            Map.of(
                "control.inputs", counters.inputs()::get,
                "control.faults", counters.faults()::get,
                "journal.events", counters.events()::get,
                "journal.appends", counters.appends()::get,
                "journal.full", counters.refusedForSpace()::get,
                "tasks.strays", sources.ground().strays()::count));
    sources.membership().ifPresent(several -> all.putAll(new MemberView(several).counters()));
    return all;
  }

  private static Map<String, LongSupplier> gauges(Sources sources) {
    Leadership leadership = sources.leadership();
    Map<String, LongSupplier> all = new HashMap<>();
    all.put(
        "control.backlog", () -> leadership.term().map(term -> term.loop().backlog()).orElse(0));
    all.put("health.kills.held", () -> leadership.health().alarm().isPresent() ? 1 : 0);
    sources.membership().ifPresent(several -> all.putAll(new MemberView(several).gauges()));
    return all;
  }

  @Override
  public void close() {
    marathon.close();
    http.close();
  }
}
