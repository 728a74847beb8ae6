package dev.slipway.server.api;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.control.DrainProgress;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.state.State;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Nodes, emptying them, and giving up those that are gone.
public final class NodeRoutes implements RouteGroup {
  /// @param evictionsPaused while instances on silent nodes are not replaced or given up
  private record Nodes(Optional<Paused> evictionsPaused, List<NodeText> nodes) {}

  /// @param reason why, in a sentence
  /// @param silent the nodes that are silent
  private record Paused(String since, String reason, List<String> silent) {}

  /// @param remaining while it is emptied: what still stands there and why
  private record OneNode(NodeText node, List<Remaining> remaining) {}

  private record Remaining(String instance, String app, boolean stays, String why) {}

  private final StateSource source;
  private final Commands commands;

  public NodeRoutes(StateSource source, Commands commands) {
    this.source = source;
    this.commands = commands;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get("/api/v1/nodes", this::list);
    routes.get("/api/v1/nodes/{id}", this::one);
    routes.delete("/api/v1/nodes/{id}", this::forget);
    routes.post("/api/v1/nodes/resume-evictions", this::resume);
    routes.post("/api/v1/nodes/{id}/drain", context -> drain(context, true));
    routes.delete("/api/v1/nodes/{id}/drain", context -> drain(context, false));
  }

  private void list(Context context) {
    List<NodeText> texts = new ArrayList<>();
    State state = source.state();
    for (NodeRecord record : state.nodes().byId().values()) {
      texts.add(NodeText.of(record));
    }
    Json.answer(context, new Nodes(paused(state), texts));
  }

  private static Optional<Paused> paused(State state) {
    return state
        .evictions()
        .pause()
        .map(
            pause -> {
              List<String> silent = new ArrayList<>();
              for (NodeRecord record : state.nodes().byId().values()) {
                if (record.silent()) {
                  silent.add(record.id().value());
                }
              }
              return new Paused(Timestamps.format(pause.since()), pause.reason(), silent);
            });
  }

  private void resume(Context context) {
    switch (commands.submit(new Input.ResumeEvictions())) {
      case Reply.NotFound missing -> throw new Refusal(409, missing.message());
      case Reply.Refused refused -> throw new Refusal(409, refused.message());
      case Reply.Deploying _, Reply.Done _, Reply.Rebalancing _ -> context.status(204);
    }
  }

  private void one(Context context) {
    NodeId id = id(context);
    State state = source.state();
    NodeRecord record = state.node(id).orElseThrow(() -> unknown(id.value()));
    List<Remaining> remaining = new ArrayList<>();
    DrainProgress.of(state, id)
        .ifPresent(progress -> progress.remaining().forEach(one -> remaining.add(remaining(one))));
    Json.answer(context, new OneNode(NodeText.of(record), remaining));
  }

  private static Remaining remaining(DrainProgress.Remaining one) {
    return new Remaining(
        one.instance().id().value(), one.instance().app().toString(), one.stays(), one.why());
  }

  private void forget(Context context) {
    switch (commands.submit(new Input.ForgetNode(id(context)))) {
      case Reply.NotFound missing -> throw Refusal.notFound(missing.message());
      case Reply.Refused refused -> throw new Refusal(409, refused.message());
      case Reply.Deploying _, Reply.Done _, Reply.Rebalancing _ -> context.status(204);
    }
  }

  private static NodeId id(Context context) {
    String text = context.pathParam("id");
    try {
      return new NodeId(text);
    } catch (IllegalArgumentException notAnId) {
      throw unknown(text);
    }
  }

  private void drain(Context context, boolean draining) {
    NodeId id = id(context);
    switch (commands.submit(new Input.DrainNode(id, draining))) {
      case Reply.NotFound missing -> throw Refusal.notFound(missing.message());
      case Reply.Refused refused -> throw new Refusal(409, refused.message());
      case Reply.Deploying _, Reply.Done _, Reply.Rebalancing _ ->
          Json.answer(
              context,
              source.state().node(id).map(NodeText::of).orElseThrow(() -> unknown(id.value())));
    }
  }

  private static Refusal unknown(String id) {
    return Refusal.notFound("Node '" + id + "' does not exist");
  }
}
