package dev.slipway.bench;

import dev.slipway.cli.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One figure: the median of its runs, their spread, and the bar that it is held to.
///
/// @param metric what was measured
/// @param samples one a run
/// @param command what measures it again
record Measurement(String bench, Metric metric, Samples samples, String command) {
  /// What a figure tells.
  ///
  /// @param unit of the value and its bar
  /// @param bar the most that it should be
  record Metric(String name, String unit, Optional<Double> bar) {
    static Metric atMost(double bar, String name, String unit) {
      return new Metric(name, unit, Optional.of(bar));
    }

    /// A figure that is told only.
    static Metric told(String name, String unit) {
      return new Metric(name, unit, Optional.empty());
    }
  }

  double value() {
    return samples.median();
  }

  /// Whether the bar is met; nothing without a bar.
  Optional<Boolean> ok() {
    return metric.bar().map(bar -> value() <= bar);
  }

  /// The figure as programs read it, one object a line. Peers are compared with by other
  /// benchmarks: here `peer` and `ratio` are null.
  Json json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("bench", bench);
    fields.put("metric", metric.name());
    fields.put("value", number(value()));
    fields.put("unit", metric.unit());
    fields.put("bar", metric.bar().<Object>map(Measurement::number).orElse(Json.NOTHING));
    fields.put("ok", ok().<Object>map(met -> met).orElse(Json.NOTHING));
    fields.put("peer", Json.NOTHING);
    fields.put("ratio", Json.NOTHING);
    fields.put("spread", List.of(number(samples.least()), number(samples.most())));
    fields.put("command", command);
    return Json.object(fields);
  }

  /// Whole where fractions say nothing, else with two places.
  static Number number(double value) {
    double rounded = Math.round(value * 100) / 100.0;
    boolean whole = Math.abs(value) >= 100 || rounded == Math.rint(rounded);
    return whole ? (Number) Math.round(value) : (Number) rounded;
  }
}
