package dev.slipway.server.api;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Problem;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.placement.WhatIf;
import dev.slipway.core.state.State;
import dev.slipway.server.api.WhatIfWish.Asked;
import dev.slipway.server.marathon.json.AppReading;
import dev.slipway.server.marathon.json.AppUpdate;
import dev.slipway.server.marathon.json.Faults;
import dev.slipway.server.marathon.json.Fields;
import dev.slipway.server.marathon.json.ShownInstances;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Reads what is to be supposed, within the limits of {@link WhatIf}. Apps are those that exist, by
/// id, or described as for `/v2/apps`, where only what placement asks for has to be said.
final class WhatIfReading {
  private static final int MOST_APPS = 1000;
  private static final PortRange DYNAMIC_PORTS = new PortRange(31_000, 32_000);
  private static final PortRange FIXED_PORTS = new PortRange(1, 65_535);

  private final State state;
  private final StrictObject body;

  private WhatIfReading(State state, StrictObject body) {
    this.state = state;
    this.body = body;
  }

  /// @return the wish, or nothing and problems in `body`
  static Optional<WhatIfWish> read(State state, StrictObject body) {
    return new WhatIfReading(state, body).wish();
  }

  private Optional<WhatIfWish> wish() {
    List<Asked> asks = new ArrayList<>();
    var wanted = body.objects("apps", MOST_APPS);
    StrictObject changes = body.object("nodes");
    List<NodeRecord> removed = removed(changes);
    removed.forEach(gone -> asks.addAll(WhatIfWish.leaving(state, gone)));
    for (int number = 0; number < wanted.size(); number++) {
      asked(wanted.get(number), number + 1).ifPresent(asks::add);
    }
    var added = new TreeSet<String>();
    Nodes left = WhatIfWish.without(state.nodes(), removed);
    Nodes nodes = added(changes, left, added);
    changes.endOfFields();
    body.endOfFields();
    var wish = new WhatIfWish(List.copyOf(asks), nodes, added);
    if (wish.instances() > WhatIf.MOST_INSTANCES) {
      body.wrong(
          "/apps",
          "with what stands on removed nodes there are %d instances; at most %d are placed at once"
              .formatted(wish.instances(), WhatIf.MOST_INSTANCES));
    }
    return body.problems().isEmpty() ? Optional.of(wish) : Optional.empty();
  }

  private List<NodeRecord> removed(StrictObject changes) {
    List<NodeRecord> removed = new ArrayList<>();
    Set<String> names = new LinkedHashSet<>(changes.texts("remove", WhatIf.MOST_NODES));
    for (String name : names) {
      Optional<NodeRecord> known = record(name);
      if (known.isEmpty()) {
        changes.wrong(changes.path("remove"), "there is no node '" + name + "'");
      }
      known.ifPresent(removed::add);
    }
    return removed;
  }

  private Optional<NodeRecord> record(String name) {
    return name.isBlank() || name.length() > NodeId.MOST_LENGTH
        ? Optional.empty()
        : state.node(new NodeId(name));
  }

  private Optional<Asked> asked(StrictObject wanted, int number) {
    int count = wanted.whole("count", 1, WhatIf.MOST_INSTANCES, 1);
    Optional<String> id = wanted.text("id");
    Optional<JsonNode> described = wanted.node("app");
    wanted.endOfFields();
    if (id.isPresent() == described.isPresent()) {
      wanted.wrong(wanted.path("id"), "name an app that exists, or describe one as 'app'");
      return Optional.empty();
    }
    Optional<AppSpec> spec =
        described.isPresent()
            ? described(described.get(), wanted, number)
            : existing(id.get(), wanted);
    return spec.map(
        app ->
            new Asked(
                app.id(), Optional.empty(), new WhatIf.Ask(WhatIfWish.request(state, app), count)));
  }

  private Optional<AppSpec> existing(String id, StrictObject wanted) {
    Optional<AppSpec> known = Optional.empty();
    try {
      known = state.app(PathId.of(id)).map(App::spec);
    } catch (IllegalArgumentException wrong) {
      wanted.wrong(wanted.path("id"), String.valueOf(wrong.getMessage()));
      return known;
    }
    if (known.isEmpty()) {
      wanted.wrong(wanted.path("id"), "there is no app '" + id + "'; describe one as 'app'");
    }
    return known;
  }

  private Optional<AppSpec> described(JsonNode app, StrictObject wanted, int number) {
    String where = wanted.path("app");
    if (!(app instanceof ObjectNode object)) {
      wanted.wrong(where, "is to be an object");
      return Optional.empty();
    }
    ObjectNode whole = object.deepCopy();
    if (!whole.has("cmd") && !whole.has("args") && !whole.has("container")) {
      whole.put("cmd", "true");
    }
    var faults = new Faults();
    AppUpdate update = AppReading.read(new Fields(whole, where, faults), PathId.ROOT);
    faults.types().forEach(fault -> wanted.wrong(fault.path(), fault.message()));
    faults.values().forEach(fault -> wanted.wrong(fault.path(), fault.message()));
    if (!faults.isEmpty()) {
      return Optional.empty();
    }
    PathId id = update.id().orElse(PathId.of("/what-if-" + number));
    return switch (update.whole(id, ShownInstances.NONE).revision().apply(Optional.empty())) {
      case AppChange.Result.Revised(AppSpec spec) -> Optional.of(spec);
      case AppChange.Result.Invalid(List<Problem> problems) -> {
        problems.forEach(problem -> wanted.wrong(where + problem.path(), problem.message()));
        yield Optional.empty();
      }
    };
  }

  private Nodes added(StrictObject changes, Nodes left, Set<String> names) {
    Nodes nodes = left;
    int number = 0;
    for (StrictObject more : changes.objects("add", MOST_APPS)) {
      int count = more.whole("count", 1, WhatIf.MOST_NODES, 1);
      Optional<Node> model = model(more);
      more.endOfFields();
      if (left.byId().size() + names.size() + count > WhatIf.MOST_NODES) {
        changes.wrong(
            changes.path("add"), "there are more than %d nodes".formatted(WhatIf.MOST_NODES));
        return nodes;
      }
      for (int i = 0; i < count && model.isPresent(); i++) {
        do {
          number++;
        } while (state.nodes().byId().containsKey(new NodeId("new-" + number)));
        NodeRecord record =
            NodeRecord.of(model.get().named("new-" + number), Instant.EPOCH)
                .offering(state.placementPolicy().cpuOvercommitPercent());
        nodes = nodes.with(record);
        names.add(record.id().value());
      }
    }
    return nodes;
  }

  /// A node as described, on the pattern of one that exists where that is named.
  private Optional<Node> model(StrictObject more) {
    Optional<String> like = more.text("like");
    Optional<Node> pattern = like.flatMap(this::record).map(NodeRecord::node);
    if (like.isPresent() && pattern.isEmpty()) {
      more.wrong(more.path("like"), "there is no node '" + like.get() + "'");
    }
    Resources before = pattern.map(Node::capacity).orElse(Resources.NONE);
    StrictObject capacity = more.object("capacity");
    double most = Resources.MOST / (double) Resources.MEBIBYTE;
    var given =
        Resources.of(
            capacity.number("cpus", 0, Node.MOST_MILLI_CPUS / 1000.0, before.cpus()),
            capacity.number("mem", 0, most, before.memMebibytes()),
            capacity.number("disk", 0, most, before.diskMebibytes()),
            capacity.whole("gpus", 0, Node.MOST_DEVICES, (int) before.gpus()));
    capacity.endOfFields();
    SortedMap<String, String> attributes =
        new TreeMap<>(pattern.map(Node::attributes).orElse(new TreeMap<>()));
    StrictObject named = more.object("attributes");
    named.names().forEach(name -> named.text(name).ifPresent(value -> attributes.put(name, value)));
    try {
      return Optional.of(
          new Node(
                  new NodeId("new"),
                  "new",
                  "new",
                  given,
                  pattern.map(Node::dynamicPorts).orElse(DYNAMIC_PORTS),
                  pattern.map(Node::fixedPorts).orElse(FIXED_PORTS),
                  attributes,
                  pattern
                      .map(Node::features)
                      .orElse(new TreeSet<>(Arrays.asList(NodeFeature.values()))))
              .dedicatedTo(pattern.map(Node::dedicated).orElse(new TreeSet<>()))
              .holding(pattern.map(Node::mostTasks).orElse(OptionalInt.empty())));
    } catch (IllegalArgumentException wrong) {
      more.wrong(more.path("attributes"), String.valueOf(wrong.getMessage()));
      return Optional.empty();
    }
  }
}
