package dev.slipway.server.api;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.PolicyRevision;
import dev.slipway.core.placement.BoundedPattern;
import dev.slipway.core.placement.HeadroomClass;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.placement.PlacementPolicy.Preemption;
import dev.slipway.core.placement.PlacementPolicy.Rebalancing;
import dev.slipway.server.http.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads a placement policy: whole, where what is left out has its default, or as a merge patch
/// (RFC 7396) of the one there is.
final class PolicyReading {
  private static final int MOST_CHARACTERS = 512;
  private static final Map<String, Operator> OPERATORS =
      new TreeMap<>(
          Map.of(
              "IS", Operator.IS,
              "LIKE", Operator.LIKE,
              "UNLIKE", Operator.UNLIKE,
              "CLUSTER", Operator.CLUSTER));

  private PolicyReading() {}

  /// What `body` makes of the policy when it is all that is said of it.
  static PolicyRevision.Result whole(JsonNode body) {
    var fields = StrictObject.of(body);
    int percent =
        fields.whole(
            "cpuOvercommitPercent",
            PlacementPolicy.LEAST_PERCENT,
            PlacementPolicy.MOST_PERCENT,
            PlacementPolicy.LEAST_PERCENT);
    var headroom = headroom(fields.object("headroom"));
    var preemption = preemption(fields.object("preemption"));
    var rebalancing = rebalancing(fields.object("rebalancing"));
    fields.endOfFields();
    return fields.problems().isEmpty()
        ? new PolicyRevision.Result.Revised(
            new PlacementPolicy(percent, headroom, preemption, rebalancing))
        : new PolicyRevision.Result.Invalid(fields.problems());
  }

  /// What `body` makes of it when the rest is to stay as it is.
  static PolicyRevision.Result patched(PlacementPolicy current, JsonNode body) {
    if (!body.isObject()) {
      return whole(body);
    }
    ObjectNode target = Json.mapper().valueToTree(PolicyText.of(current));
    merge(target, body);
    return whole(target);
  }

  private static void merge(ObjectNode target, JsonNode patch) {
    for (var field : patch.properties()) {
      JsonNode there = target.get(field.getKey());
      if (field.getValue().isNull()) {
        target.remove(field.getKey());
      } else if (field.getValue().isObject() && there instanceof ObjectNode inner) {
        merge(inner, field.getValue());
      } else {
        target.set(field.getKey(), field.getValue());
      }
    }
  }

  private static Preemption preemption(StrictObject fields) {
    var usual = Preemption.DEFAULT;
    var preemption =
        new Preemption(
            fields.flag("enabled", usual.enabled()),
            fields.whole("victimsPerMinute", 1, Preemption.MOST_VICTIMS, usual.victimsPerMinute()));
    fields.endOfFields();
    return preemption;
  }

  private static Rebalancing rebalancing(StrictObject fields) {
    var usual = Rebalancing.DEFAULT;
    var rebalancing =
        new Rebalancing(
            fields.flag("automatic", usual.automatic()),
            fields.whole("movesAtOnce", 1, Rebalancing.MOST_MOVES, usual.movesAtOnce()),
            fields.number("minimumGain", 0, 1, usual.minimumGain()),
            Duration.ofSeconds(
                fields.whole(
                    "intervalSeconds",
                    (int) Rebalancing.SHORTEST.toSeconds(),
                    (int) Rebalancing.LONGEST.toSeconds(),
                    (int) usual.interval().toSeconds())));
    fields.endOfFields();
    return rebalancing;
  }

  private static SortedMap<String, HeadroomClass> headroom(StrictObject classes) {
    var headroom = new TreeMap<String, HeadroomClass>();
    List<String> names = classes.names();
    if (names.size() > PlacementPolicy.MOST_CLASSES) {
      classes.wrong("/headroom", "has at most " + PlacementPolicy.MOST_CLASSES + " classes");
      return headroom;
    }
    for (String name : names) {
      if (!PlacementPolicy.CLASS_NAME.matcher(name).matches()) {
        classes.wrong(
            "/headroom", "a class has a name of a-z, 0-9 and -, at most 63 characters of them");
        continue;
      }
      slots(classes.object(name), classes.path(name)).ifPresent(made -> headroom.put(name, made));
    }
    long slots = headroom.values().stream().mapToLong(HeadroomClass::count).sum();
    if (slots > HeadroomClass.MOST_SLOTS) {
      classes.wrong(
          "/headroom",
          "has at most %d slots in all, and has %d".formatted(HeadroomClass.MOST_SLOTS, slots));
      return new TreeMap<>();
    }
    return headroom;
  }

  private static Optional<HeadroomClass> slots(StrictObject fields, String path) {
    int before = fields.problems().size();
    Resources most = HeadroomClass.MOST_RESOURCES;
    int count = fields.whole("count", 1, HeadroomClass.MOST_SLOTS, 1);
    if (fields.node("count").isEmpty()) {
      fields.wrong(path + "/count", "is missing: how many slots are to be free?");
    }
    var each =
        Resources.of(
            fields.number("cpus", 0, most.cpus(), 0),
            fields.number("mem", 0, most.memMebibytes(), 0),
            fields.number("disk", 0, most.diskMebibytes(), 0),
            fields.number("gpus", 0, most.gpus(), 0));
    if (each.equals(Resources.NONE)) {
      fields.wrong(path, "asks for nothing; give it cpus, mem, disk or gpus");
    }
    if (each.milliGpus() > Resources.DEVICE && each.milliGpus() % Resources.DEVICE != 0) {
      fields.wrong(path + "/gpus", "is to be a whole number, or less than 1 for a share of one");
    }
    List<Constraint> constraints = constraints(fields, path + "/constraints");
    fields.endOfFields();
    return fields.problems().size() > before
        ? Optional.empty()
        : Optional.of(new HeadroomClass(count, each, constraints));
  }

  private static List<Constraint> constraints(StrictObject fields, String path) {
    JsonNode array = fields.node("constraints").orElse(null);
    List<Constraint> constraints = new ArrayList<>();
    if (array == null) {
      return constraints;
    }
    if (!array.isArray() || array.size() > HeadroomClass.MOST_CONSTRAINTS) {
      fields.wrong(
          path, "is to be a list of at most " + HeadroomClass.MOST_CONSTRAINTS + " constraints");
      return constraints;
    }
    for (int i = 0; i < array.size(); i++) {
      String where = path + "/" + i;
      constraint(array.get(i))
          .ifPresentOrElse(
              constraints::add,
              () ->
                  fields.wrong(
                      where,
                      "is to be [attribute, operator, value] with the operator "
                          + String.join(", ", OPERATORS.keySet())
                          + ", and a valid expression for LIKE and UNLIKE"));
    }
    return constraints;
  }

  private static Optional<Constraint> constraint(JsonNode words) {
    boolean threeWords =
        words.isArray()
            && words.size() == 3
            && words
                .valueStream()
                .allMatch(
                    word ->
                        word.isString()
                            && !word.stringValue().isEmpty()
                            && word.stringValue().length() <= MOST_CHARACTERS);
    if (!threeWords) {
      return Optional.empty();
    }
    Operator operator = OPERATORS.get(words.get(1).stringValue());
    String value = words.get(2).stringValue();
    return operator != null && isUsable(operator, value)
        ? Optional.of(new Constraint(words.get(0).stringValue(), operator, Optional.of(value)))
        : Optional.empty();
  }

  private static boolean isUsable(Operator operator, String value) {
    return operator == Operator.IS
        || operator == Operator.CLUSTER
        || BoundedPattern.fault(value).isEmpty();
  }
}
