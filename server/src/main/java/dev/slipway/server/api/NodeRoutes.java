package dev.slipway.server.api;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;

/// Nodes, and emptying them.
public final class NodeRoutes implements RouteGroup {
  private record Nodes(List<NodeText> nodes) {}

  private final StateSource source;
  private final Commands commands;

  public NodeRoutes(StateSource source, Commands commands) {
    this.source = source;
    this.commands = commands;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get("/api/v1/nodes", this::list);
    routes.post("/api/v1/nodes/{id}/drain", context -> drain(context, true));
    routes.delete("/api/v1/nodes/{id}/drain", context -> drain(context, false));
  }

  private void list(Context context) {
    List<NodeText> texts = new ArrayList<>();
    for (NodeRecord record : source.state().nodes().byId().values()) {
      texts.add(NodeText.of(record));
    }
    Json.answer(context, new Nodes(texts));
  }

  private void drain(Context context, boolean draining) {
    String text = context.pathParam("id");
    NodeId id;
    try {
      id = new NodeId(text);
    } catch (IllegalArgumentException notAnId) {
      throw unknown(text);
    }
    switch (commands.submit(new Input.DrainNode(id, draining))) {
      case Reply.NotFound missing -> throw Refusal.notFound(missing.message());
      case Reply.Refused refused -> throw new Refusal(409, refused.message());
      case Reply.Deploying _, Reply.Done _ ->
          Json.answer(
              context, source.state().node(id).map(NodeText::of).orElseThrow(() -> unknown(text)));
    }
  }

  private static Refusal unknown(String id) {
    return Refusal.notFound("Node '" + id + "' does not exist");
  }
}
