package dev.slipway.server.api;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// Figures as Marathon's `/metrics` writes them: the JSON of Dropwizard's metrics. Its own gauges
/// are there under its names, all else under ours, with labels as further parts of the name.
///
/// @param version of the form, not of the server
record MarathonMetrics(
    String version,
    SortedMap<String, GaugeJson> gauges,
    SortedMap<String, CounterJson> counters,
    Map<String, Object> histograms,
    Map<String, Object> meters,
    Map<String, Object> timers) {
  private static final String FORM = "4.0.0";

  record GaugeJson(Number value) {}

  record CounterJson(long count) {}

  static MarathonMetrics of(MeterRegistry registry, Map<String, Number> named) {
    SortedMap<String, GaugeJson> gauges = new TreeMap<>();
    SortedMap<String, CounterJson> counters = new TreeMap<>();
    for (Meter meter : registry.getMeters()) {
      String name = name(meter.getId());
      switch (meter) {
        case Gauge gauge -> gauge(gauges, name, gauge.value());
        case FunctionCounter counter ->
            counters.put(name, new CounterJson(Math.round(counter.count())));
        default -> meter.measure().forEach(one -> gauge(gauges, name, one.getValue()));
      }
    }
    gauge(gauges, "marathon.uptime.gauge.seconds", value(gauges, "process.uptime"));
    named.forEach((name, value) -> gauges.put(name, new GaugeJson(value)));
    return new MarathonMetrics(FORM, gauges, counters, Map.of(), Map.of(), Map.of());
  }

  private static double value(SortedMap<String, GaugeJson> gauges, String name) {
    GaugeJson known = gauges.get(name);
    return known == null ? Double.NaN : known.value().doubleValue();
  }

  /// JSON has no word for what is no number.
  private static void gauge(SortedMap<String, GaugeJson> gauges, String name, double value) {
    if (Double.isFinite(value)) {
      gauges.put(name, new GaugeJson(value));
    }
  }

  private static String name(Meter.Id id) {
    var name = new StringBuilder(id.getName());
    for (Tag tag : id.getTags()) {
      name.append('.').append(tag.getValue());
    }
    return name.toString();
  }
}
