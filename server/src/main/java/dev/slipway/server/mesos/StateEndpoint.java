package dev.slipway.server.mesos;

import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.State;
import dev.slipway.server.api.ServerFacts;
import dev.slipway.server.api.StateSource;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import tools.jackson.core.JsonGenerator;

/// Mesos's `/state` and `/slave(1)/state`, as far as tools need it to find sandboxes. Written as it
/// is read from the snapshot, so that many tasks take no memory.
public final class StateEndpoint implements RouteGroup {
  private final StateSource source;
  private final Supplier<List<TaskObservation>> ended;
  private final ServerFacts facts;
  private final String hostname;
  private final IntSupplier port;

  /// @param ended the tasks whose sandboxes are still there
  /// @param hostname under which clients reach this server
  public StateEndpoint(
      StateSource source,
      Supplier<List<TaskObservation>> ended,
      ServerFacts facts,
      String hostname,
      IntSupplier port) {
    this.source = source;
    this.ended = ended;
    this.facts = facts;
    this.hostname = hostname;
    this.port = port;
  }

  @Override
  public void register(RoutesConfig routes) {
    // Routes are matched against the path as it is written, and clients write brackets either way.
    for (String path : List.of("/state", "/slave(1)/state", "/slave%281%29/state")) {
      routes.get(path, this::state);
      routes.get(path + ".json", this::state);
    }
  }

  private void state(Context context) {
    State state = source.state();
    context.contentType("application/json");
    try (JsonGenerator json = Json.mapper().createGenerator(context.outputStream())) {
      json.writeStartObject();
      json.writeStringProperty("version", facts.version());
      json.writeNumberProperty("start_time", facts.startedAt().toEpochMilli() / 1000.0);
      Iterator<NodeRecord> nodes = state.nodes().byId().values().iterator();
      if (nodes.hasNext()) {
        Node first = nodes.next().node();
        json.writeStringProperty("id", first.id().value());
        json.writePOJOProperty("attributes", first.attributes());
      }
      json.writeStringProperty("hostname", hostname);
      json.writeStringProperty("pid", "slave(1)@" + hostname + ":" + port.getAsInt());
      json.writePOJOProperty("flags", Map.of("work_dir", SandboxAddress.WORK_DIRECTORY));
      json.writeArrayPropertyStart("slaves");
      for (NodeRecord record : state.nodes().byId().values()) {
        json.writePOJO(AgentState.Agent.of(record, port.getAsInt()));
      }
      json.writeEndArray();
      framework(state, json);
      json.writePOJOProperty("completed_frameworks", List.of());
      json.writeEndObject();
    }
  }

  private void framework(State state, JsonGenerator json) {
    json.writeArrayPropertyStart("frameworks");
    json.writeStartObject();
    json.writeStringProperty("id", state.platform().id());
    json.writeStringProperty("name", AgentState.FRAMEWORK_NAME);
    json.writeStringProperty("role", "*");
    json.writeStringProperty("hostname", hostname);
    json.writeArrayPropertyStart("executors");
    Set<TaskId> alive = new HashSet<>();
    for (var app : state.instances().values()) {
      for (Instance instance : app.values()) {
        if (instance.place().isPresent()) {
          alive.add(instance.id().task());
          json.writePOJO(AgentState.running(state, instance, instance.place().get()));
        }
      }
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("completed_executors");
    for (TaskObservation seen : ended.get()) {
      if (seen.status() instanceof TaskObservation.Status.Ended(var end)
          && !alive.contains(seen.task())) {
        json.writePOJO(AgentState.ended(state, seen, end));
      }
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndArray();
  }
}
