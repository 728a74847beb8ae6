package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
    name = "policy",
    description = "Shows the placement policy, or changes what options name and leaves the rest.",
    footer = {
      "",
      "Headroom is kept free of apps with a priority below 0: so many slots, each with cpus, mem and",
      "disk (MiB) and gpus; any other name is an attribute that the nodes have to have.",
      "",
      "Examples:",
      "  slipway placement policy",
      "  slipway placement policy --cpu-overcommit 150",
      "  slipway placement policy --headroom large=5,cpus=4,mem=8192,@zone=a",
      "  slipway placement policy --no-headroom large --preemption off",
      "  slipway placement policy --rebalancing on --moves-at-once 10"
    })
final class PlacementPolicyCommand implements ClientCommand {
  private static final String PATH = "/api/v1/placement/policy";

  /// Words for a choice that is on or off.
  enum Switch {
    ON,
    OFF
  }

  private final Session session;

  @Option(
      names = "--cpu-overcommit",
      paramLabel = "PERCENT",
      description = "How much of each node's processors is offered: 100 to 1000.")
  @Nullable Integer cpuOvercommit;

  @Option(
      names = "--headroom",
      paramLabel = "NAME=COUNT,cpus=N,...",
      description = "Keeps so many slots free under a name, instead of those it had.")
  List<String> headroom = new ArrayList<>();

  @Option(
      names = "--no-headroom",
      paramLabel = "NAME",
      description = "Keeps nothing free any more under the name.")
  List<String> withoutHeadroom = new ArrayList<>();

  @Option(names = "--preemption", paramLabel = "on|off", description = "Whether apps make room.")
  @Nullable Switch preemption;

  @Option(
      names = "--victims-per-minute",
      paramLabel = "N",
      description = "So many instances at most are ended for others in a minute.")
  @Nullable Integer victimsPerMinute;

  @Option(
      names = "--rebalancing",
      paramLabel = "on|off",
      description = "Whether instances are moved together without being asked.")
  @Nullable Switch rebalancing;

  @Option(
      names = "--moves-at-once",
      paramLabel = "N",
      description = "So many on their way at most.")
  @Nullable Integer movesAtOnce;

  @Option(
      names = "--minimum-gain",
      paramLabel = "PART",
      description = "Which part of the nodes has to become free for it, from 0 to 1.")
  @Nullable Double minimumGain;

  @Option(
      names = "--rebalancing-interval",
      paramLabel = "TIME",
      converter = Waiting.TimeConverter.class,
      description = "How long at least from one plan to the next, like 10m.")
  @Nullable Duration interval;

  PlacementPolicyCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    Api.Answer answer = session.api().get(PATH);
    Json before = answer.json();
    Json wanted = wanted(before);
    if (!wanted.equals(before)) {
      answer = session.api().replace(PATH, wanted, answer.tag());
    }
    if (session.json()) {
      session.printRaw(answer.body());
    } else {
      show(answer.json());
    }
    return Exit.OK;
  }

  private Json wanted(Json before) {
    Json policy = with(before, "cpuOvercommitPercent", cpuOvercommit);
    Json classes = before.at("headroom");
    for (String text : headroom) {
      int end = text.indexOf('=');
      if (end < 1) {
        throw misspelt(text);
      }
      classes = classes.with(text.substring(0, end), slots(text, text.substring(end + 1)));
    }
    for (String name : withoutHeadroom) {
      if (!classes.has(name)) {
        throw Complaint.of(Exit.NOT_FOUND, "There is no headroom called " + Words.printable(name))
            .mend("See `slipway placement policy`.");
      }
      Map<String, Json> left = new LinkedHashMap<>(classes.fields());
      left.remove(name);
      classes = new Json(left);
    }
    Json preempting = with(before.at("preemption"), "enabled", flag(preemption));
    preempting = with(preempting, "victimsPerMinute", victimsPerMinute);
    Json moving = with(before.at("rebalancing"), "automatic", flag(rebalancing));
    moving = with(moving, "movesAtOnce", movesAtOnce);
    moving = with(moving, "minimumGain", minimumGain);
    moving = with(moving, "intervalSeconds", interval == null ? null : interval.toSeconds());
    return policy
        .with("headroom", classes)
        .with("preemption", preempting)
        .with("rebalancing", moving);
  }

  private static Json with(Json object, String name, @Nullable Object value) {
    return value == null ? object : object.with(name, value);
  }

  private static @Nullable Boolean flag(@Nullable Switch wanted) {
    return wanted == null ? null : wanted == Switch.ON;
  }

  /// `5,cpus=4,mem=8192,@zone=a` as the API wants it.
  private static Json slots(String whole, String text) {
    String[] parts = text.split(",");
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("count", number(whole, parts[0]));
    List<Json> constraints = new ArrayList<>();
    for (String part : List.of(parts).subList(1, parts.length)) {
      int end = part.indexOf('=');
      if (end < 1) {
        throw misspelt(whole);
      }
      String name = part.substring(0, end);
      String value = part.substring(end + 1);
      if (List.of("cpus", "mem", "disk", "gpus").contains(name)) {
        fields.put(name, number(whole, value));
      } else {
        constraints.add(Json.of(List.of(name, "IS", value)));
      }
    }
    fields.put("constraints", constraints);
    return Json.object(fields);
  }

  private static Number number(String whole, String text) {
    try {
      double number = Double.parseDouble(text);
      if (number == Math.rint(number) && Math.abs(number) < Integer.MAX_VALUE) {
        return (int) number;
      }
      if (Double.isFinite(number)) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      // Told below.
    }
    throw misspelt(whole);
  }

  private static Complaint misspelt(String text) {
    return Complaint.of(
            Exit.USAGE, "'" + Words.printable(text) + "' does not say what is to be kept free")
        .mend("Write it like large=5,cpus=4,mem=8192.");
  }

  private void show(Json policy) {
    Json preempting = policy.at("preemption");
    Json moving = policy.at("rebalancing");
    session.print("Processors   " + policy.at("cpuOvercommitPercent").whole() + " % are offered");
    session.print(
        "Preemption   "
            + (preempting.at("enabled").flag()
                ? "on, at most "
                    + Words.count(preempting.at("victimsPerMinute").whole(), "instance")
                    + " a minute"
                : "off"));
    session.print(
        "Rebalancing  %s, at most %s at once, gaining %s %% of the nodes, every %s"
            .formatted(
                moving.at("automatic").flag() ? "automatic" : "on request",
                Words.count(moving.at("movesAtOnce").whole(), "move"),
                Words.number(moving.at("minimumGain").number() * 100),
                Words.duration(Duration.ofSeconds(moving.at("intervalSeconds").whole()))));
    Table table =
        new Table(
            Column.id("HEADROOM"),
            Column.number("SLOTS"),
            Column.number("CPUS"),
            Column.number("MEM"),
            Column.number("DISK"),
            Column.number("GPUS"),
            Column.text("ON").orMissing());
    policy.at("headroom").fields().forEach((name, slots) -> table.row(cells(name, slots)));
    session.print(table, "Headroom     none is kept");
  }

  private static String[] cells(String name, Json slots) {
    return new String[] {
      name,
      String.valueOf(slots.at("count").whole()),
      Words.number(slots.at("cpus").number()),
      Words.number(slots.at("mem").number()),
      Words.number(slots.at("disk").number()),
      Words.number(slots.at("gpus").number()),
      slots.at("constraints").items().stream()
          .map(words -> String.join(" ", words.texts()))
          .collect(Collectors.joining(", "))
    };
  }
}
