package dev.slipway.bench;

import dev.slipway.cli.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// One figure: the median of its runs, their spread, and the bar that it is held to.
///
/// @param metric what was measured
/// @param samples one a run
/// @param command what measures it again
/// @param peer whose figure it is; Slipway's own when empty
/// @param ratio how many times as much Slipway reached in the same run, where both are comparable
record Measurement(
    String bench,
    Metric metric,
    Samples samples,
    String command,
    Optional<String> peer,
    OptionalDouble ratio) {
  Measurement(String bench, Metric metric, Samples samples, String command) {
    this(bench, metric, samples, command, Optional.empty(), OptionalDouble.empty());
  }

  /// What a figure tells.
  ///
  /// @param unit of the value and its bar
  /// @param bar the most that it should be, or the least
  /// @param moreIsBetter whether the bar is the least
  record Metric(String name, String unit, Optional<Double> bar, boolean moreIsBetter) {
    static Metric atMost(double bar, String name, String unit) {
      return new Metric(name, unit, Optional.of(bar), false);
    }

    static Metric atLeast(double bar, String name, String unit) {
      return new Metric(name, unit, Optional.of(bar), true);
    }

    /// A figure that is told only.
    static Metric told(String name, String unit) {
      return new Metric(name, unit, Optional.empty(), false);
    }
  }

  double value() {
    return samples.median();
  }

  /// Whether the bar is met; nothing without a bar.
  Optional<Boolean> ok() {
    return metric.bar().map(bar -> metric.moreIsBetter() ? value() >= bar : value() <= bar);
  }

  /// The figure as programs read it, one object a line; `peer` and `ratio` are null where there is
  /// no other to compare with.
  Json json() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("bench", bench);
    fields.put("metric", metric.name());
    fields.put("value", number(value()));
    fields.put("unit", metric.unit());
    fields.put("bar", metric.bar().<Object>map(Measurement::number).orElse(Json.NOTHING));
    fields.put("ok", ok().<Object>map(met -> met).orElse(Json.NOTHING));
    fields.put("peer", peer.<Object>map(name -> name).orElse(Json.NOTHING));
    fields.put("ratio", ratio.isPresent() ? number(ratio.getAsDouble()) : Json.NOTHING);
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
