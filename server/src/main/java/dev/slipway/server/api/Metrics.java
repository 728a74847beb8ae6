package dev.slipway.server.api;

import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.state.State;
import dev.slipway.server.http.ServedRequest;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// The figures of `/metrics`, in Prometheus' format. Names begin with `slipway_`; labels have few
/// values: states, routes, methods, classes of status.
///
/// What happens often is counted in plain counters here; the registry is made at the first scrape,
/// so that a server which nobody watches starts without it. Gauges of the state are worked out from
/// one snapshot a scrape. Any thread may call.
public final class Metrics implements Consumer<ServedRequest> {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private record Served(String route, String method, String status) {}

  private record Tally(LongAdder requests, LongAdder nanos) {
    Tally() {
      this(new LongAdder(), new LongAdder());
    }
  }

  /// What a snapshot amounts to.
  private record Census(
      int apps,
      int groups,
      int deployments,
      boolean evictionsPaused,
      Map<Condition, Integer> instances,
      Map<NodeRecord.State, Integer> nodes,
      Map<Pressure.Level, Integer> pressures,
      HeadroomText headroom) {
    static Census of(State state) {
      Map<Condition, Integer> instances = new EnumMap<>(Condition.class);
      for (var ofApp : state.instances().values()) {
        for (Instance instance : ofApp.values()) {
          instances.merge(instance.condition(), 1, Integer::sum);
        }
      }
      Map<NodeRecord.State, Integer> nodes = new EnumMap<>(NodeRecord.State.class);
      Map<Pressure.Level, Integer> pressures = new EnumMap<>(Pressure.Level.class);
      for (NodeRecord node : state.nodes().byId().values()) {
        pressures.merge(node.pressure().level(), 1, Integer::sum);
        nodes.merge(node.state(), 1, Integer::sum);
      }
      return new Census(
          state.root().apps().size(),
          state.root().groups().size(),
          state.deployments().size(),
          state.evictions().pause().isPresent(),
          instances,
          nodes,
          pressures,
          HeadroomText.of(state));
    }
  }

  private final StateSource source;
  private final SortedMap<String, LongSupplier> counters;
  private final SortedMap<String, LongSupplier> gauges;
  private final Map<Served, Tally> served = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  // Guarded by the lock:
  private @Nullable PrometheusMeterRegistry registry;
  private final Map<Served, Tally> registered = new HashMap<>();
  private volatile Census census =
      new Census(0, 0, 0, false, Map.of(), Map.of(), Map.of(), new HeadroomText(0, List.of()));
  private @Nullable MultiGauge headroom;

  /// @param counters figures that only rise, by name without prefix, such as `control.inputs`
  /// @param gauges figures that go up and down, likewise
  public Metrics(
      StateSource source, Map<String, LongSupplier> counters, Map<String, LongSupplier> gauges) {
    this.source = source;
    this.counters = new TreeMap<>(counters);
    this.gauges = new TreeMap<>(gauges);
  }

  /// Counts a request.
  @Override
  public void accept(ServedRequest request) {
    var key = new Served(request.route(), method(request.method()), request.status() / 100 + "xx");
    Tally tally = served.computeIfAbsent(key, _ -> new Tally());
    tally.requests.increment();
    tally.nanos.add(request.duration().toNanos());
  }

  /// A client may invent methods; these are not labels.
  private static String method(String method) {
    return switch (method) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" -> method;
      default -> "other";
    };
  }

  String scrape() {
    lock.lock();
    try {
      return current().scrape(CONTENT_TYPE);
    } finally {
      lock.unlock();
    }
  }

  /// The same figures in the form of Marathon's `/metrics`.
  MarathonMetrics marathon() {
    lock.lock();
    try {
      PrometheusMeterRegistry meters = current();
      return MarathonMetrics.of(meters, marathonGauges());
    } finally {
      lock.unlock();
    }
  }

  /// The registry, with a figure for each route that was asked for, and a fresh look at the state.
  private PrometheusMeterRegistry current() {
    census = Census.of(source.state());
    PrometheusMeterRegistry current = registry == null ? begin() : registry;
    registry = current;
    if (headroom != null) {
      headroom.register(census.headroom.classes().stream().map(Metrics::row).toList(), true);
    }
    served.forEach(
        (key, tally) -> {
          if (registered.putIfAbsent(key, tally) == null) {
            register(current, key, tally);
          }
        });
    return current;
  }

  /// What Marathon's dashboards look at, under Marathon's names.
  private Map<String, Number> marathonGauges() {
    Census now = census;
    Map<Condition, Integer> instances = now.instances;
    return Map.of(
        "marathon.apps.active.gauge",
        now.apps,
        "marathon.groups.active.gauge",
        now.groups,
        "marathon.pods.active.gauge",
        0,
        "marathon.deployments.active.gauge",
        now.deployments,
        "marathon.instances.running.gauge",
        instances.getOrDefault(Condition.RUNNING, 0),
        "marathon.instances.staged.gauge",
        instances.getOrDefault(Condition.PROVISIONED, 0)
            + instances.getOrDefault(Condition.STAGING, 0),
        "marathon.instances.inflight-kills.gauge",
        instances.getOrDefault(Condition.KILLING, 0));
  }

  // The binders hold nothing that would have to be closed; those that do are not used.
  private PrometheusMeterRegistry begin() {
    var made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new JvmMemoryMetrics().bindTo(made);
    new JvmThreadMetrics().bindTo(made);
    new ProcessorMetrics().bindTo(made);
    new UptimeMetrics().bindTo(made);
    counters.forEach(
        (name, value) ->
            FunctionCounter.builder("slipway." + name, value, LongSupplier::getAsLong)
                .register(made));
    gauges.forEach(
        (name, value) ->
            Gauge.builder("slipway." + name, value, LongSupplier::getAsLong)
                .strongReference(true)
                .register(made));
    headroom = MultiGauge.builder("slipway.headroom.missing").register(made);
    gauge(made, "apps", Tags.empty(), now -> now.apps);
    gauge(made, "evictions.paused", Tags.empty(), now -> now.evictionsPaused ? 1 : 0);
    gauge(made, "deployments", Tags.of("state", "running"), now -> now.deployments);
    for (Condition condition : Condition.values()) {
      if (!condition.isTerminal()) {
        gauge(made, "instances", state(condition), now -> now.instances.getOrDefault(condition, 0));
      }
    }
    for (NodeRecord.State state : NodeRecord.State.values()) {
      gauge(made, "nodes", state(state), now -> now.nodes.getOrDefault(state, 0));
    }
    for (Pressure.Level level : Pressure.Level.values()) {
      gauge(
          made,
          "nodes.pressure",
          Tags.of("level", level.name().toLowerCase(Locale.ROOT)),
          now -> now.pressures.getOrDefault(level, 0));
    }
    return made;
  }

  private static MultiGauge.Row<Number> row(HeadroomText.ClassText of) {
    return MultiGauge.Row.of(Tags.of("class", of.name()), of.missing());
  }

  private static Tags state(Enum<?> state) {
    return Tags.of("state", state.name().toLowerCase(Locale.ROOT));
  }

  private void gauge(MeterRegistry to, String name, Tags tags, ToDoubleFunction<Census> value) {
    Gauge.builder("slipway." + name, this, metrics -> value.applyAsDouble(metrics.census))
        .tags(tags)
        .register(to);
  }

  private static void register(MeterRegistry to, Served key, Tally tally) {
    Tags tags = Tags.of("route", key.route, "method", key.method, "status", key.status);
    FunctionCounter.builder("slipway.http.requests", tally, it -> it.requests.sum())
        .tags(tags)
        .register(to);
    FunctionCounter.builder("slipway.http.request.seconds", tally, it -> it.nanos.sum() / 1e9)
        .tags(tags)
        .register(to);
  }
}
