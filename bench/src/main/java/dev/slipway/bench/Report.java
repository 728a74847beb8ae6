package dev.slipway.bench;

import dev.slipway.cli.Surroundings;
import dev.slipway.cli.Table;
import dev.slipway.cli.Table.Column;
import java.util.ArrayList;
import java.util.List;

/// Prints what was measured: for people a table at the end, for programs one JSON object a line as
/// soon as it is known. What is said beside it goes to the standard error then.
final class Report {
  private final Surroundings surroundings;
  private final boolean json;
  private final List<Measurement> measurements = new ArrayList<>();

  Report(Surroundings surroundings, boolean json) {
    this.surroundings = surroundings;
    this.json = json;
  }

  void list(List<Benchmark> benchmarks) {
    var table = new Table(Column.id("NAME"), Column.text("MEASURES"), Column.text("PARTS"));
    benchmarks.forEach(
        each -> table.row(each.name(), each.about(), String.join(" ", each.parts())));
    print(table);
  }

  void machine(String description) {
    if (json) {
      note(description);
    } else {
      surroundings.out().println(description);
      surroundings.out().flush();
    }
  }

  /// Says what goes on.
  void note(String line) {
    surroundings.err().println(line);
    surroundings.err().flush();
  }

  void add(Measurement measurement) {
    measurements.add(measurement);
    if (json) {
      surroundings.out().println(measurement.json().write());
      surroundings.out().flush();
    }
  }

  void end() {
    if (json || measurements.isEmpty()) {
      return;
    }
    print(
        measurements.stream().anyMatch(each -> each.peer().isPresent()) ? besidePeers() : alone());
  }

  private Table alone() {
    var table =
        new Table(
            Column.id("NAME"),
            Column.number("VALUE"),
            Column.text("UNIT"),
            Column.number("BAR"),
            Column.text("OK"),
            Column.text("SPREAD"),
            Column.text("COMMAND").orMissing());
    for (Measurement each : measurements) {
      table.row(
          each.metric().name(),
          text(each.value()),
          each.metric().unit(),
          each.metric().bar().map(Report::text).orElse(""),
          each.ok().map(met -> met ? "yes" : "NO").orElse(""),
          spread(each),
          each.command());
    }
    return table;
  }

  private Table besidePeers() {
    var table =
        new Table(
            Column.id("NAME"),
            Column.text("WHO"),
            Column.number("VALUE"),
            Column.text("UNIT"),
            Column.number("RATIO"),
            Column.number("BAR"),
            Column.text("OK"),
            Column.text("SPREAD"),
            Column.text("COMMAND").orMissing());
    for (Measurement each : measurements) {
      table.row(
          each.metric().name(),
          each.peer().orElse("slipway"),
          text(each.value()),
          each.metric().unit(),
          each.ratio().isPresent() ? text(each.ratio().getAsDouble()) : "",
          each.metric().bar().map(Report::text).orElse(""),
          each.ok().map(met -> met ? "yes" : "NO").orElse(""),
          spread(each),
          each.command());
    }
    return table;
  }

  private static String spread(Measurement measurement) {
    return text(measurement.samples().least()) + " to " + text(measurement.samples().most());
  }

  private void print(Table table) {
    table.lines(surroundings.screen(), false).forEach(surroundings.out()::println);
    surroundings.out().flush();
  }

  private static String text(double value) {
    return Measurement.number(value).toString();
  }
}
