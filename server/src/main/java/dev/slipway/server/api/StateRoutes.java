package dev.slipway.server.api;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.State;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import dev.slipway.server.probe.HealthView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/// What is only read from the state: the server itself, explanations, deployments, tasks.
public final class StateRoutes implements RouteGroup {
  private record ServerText(
      String version,
      String platform,
      long epoch,
      String startedAt,
      int nodes,
      String isolation,
      SortedMap<String, Long> limits) {}

  private record Deployments(List<DeploymentText> deployments) {}

  private record Tasks(List<TaskText> tasks) {}

  /// Nodes that an explanation shows unless it is asked for more or fewer, and at most.
  private static final int NODES = 100;

  private static final int MOST_NODES = 10_000;

  private final StateSource source;
  private final ServerFacts facts;
  private final HealthView health;
  private final UsageView usage;

  public StateRoutes(StateSource source, ServerFacts facts, HealthView health, UsageView usage) {
    this.source = source;
    this.facts = facts;
    this.health = health;
    this.usage = usage;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get("/api/v1/info", this::info);
    // Marathon's address for what a server was started with.
    routes.get("/config", this::info);
    routes.get("/api/v1/apps/<id>/explain", this::explain);
    routes.get("/api/v1/deployments", this::deployments);
    routes.get("/api/v1/deployments/{id}", this::deployment);
    routes.get("/api/v1/tasks", this::tasks);
  }

  private void info(Context context) {
    State state = source.state();
    Json.answer(
        context,
        new ServerText(
            facts.version(),
            state.platform().id(),
            state.platform().epoch().value(),
            Timestamps.format(facts.startedAt()),
            state.nodes().byId().size(),
            facts.isolation().get(),
            facts.limits()));
  }

  private void explain(Context context) {
    PathId id = pathId(context.pathParam("id"));
    Explanation explanation =
        Explanation.of(source.state(), id, source.now(), health, part(context))
            .orElseThrow(() -> Refusal.notFound("App '" + id + "' does not exist"));
    Json.answer(context, explanation);
  }

  private static Explanation.Part part(Context context) {
    return new Explanation.Part(
        number(context, "offset", 0, Integer.MAX_VALUE),
        number(context, "limit", NODES, MOST_NODES));
  }

  private static int number(Context context, String name, int otherwise, int most) {
    String text = context.queryParam(name);
    if (text == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text);
      if (number >= 0 && number <= most) {
        return number;
      }
    } catch (NumberFormatException notOne) {
      // Told below.
    }
    throw Refusal.badRequest("'%s' is to be a number from 0 to %d".formatted(name, most));
  }

  private void deployments(Context context) {
    State state = source.state();
    List<DeploymentText> texts = new ArrayList<>();
    state
        .deployments()
        .values()
        .forEach(
            deployment -> texts.add(DeploymentText.of(state, deployment, source.now(), health)));
    state
        .plans()
        .queue()
        .forEach(queued -> texts.add(DeploymentText.of(state, queued, source.now(), health)));
    state.ended().reversed().forEach(ended -> texts.add(DeploymentText.of(state, ended)));
    Json.answer(context, new Deployments(texts));
  }

  private void deployment(Context context) {
    String id = context.pathParam("id");
    State state = source.state();
    Optional<DeploymentText> running =
        deploymentId(id)
            .flatMap(state::deployment)
            .map(deployment -> DeploymentText.of(state, deployment, source.now(), health));
    DeploymentText text =
        running
            .or(
                () ->
                    state.plans().queue().stream()
                        .filter(queued -> queued.id().value().equals(id))
                        .findFirst()
                        .map(queued -> DeploymentText.of(state, queued, source.now(), health)))
            .or(
                () ->
                    state.ended().stream()
                        .filter(ended -> ended.deployment().id().value().equals(id))
                        .findFirst()
                        .map(ended -> DeploymentText.of(state, ended)))
            .orElseThrow(
                () ->
                    Refusal.notFound(
                        "Deployment '%s' does not exist, or ended long ago".formatted(id)));
    Json.answer(context, text);
  }

  private void tasks(Context context) {
    PathId group =
        Optional.ofNullable(context.queryParam("app")).map(StateRoutes::pathId).orElse(PathId.ROOT);
    State state = source.state();
    List<TaskText> texts = new ArrayList<>();
    for (var entry : state.instances().from(group)) {
      if (!entry.getKey().isWithin(group)) {
        break;
      }
      for (Instance instance : entry.getValue().values()) {
        texts.add(TaskText.of(state, instance, usage));
      }
    }
    Json.answer(context, new Tasks(texts));
  }

  private static Optional<DeploymentId> deploymentId(String text) {
    try {
      return Optional.of(new DeploymentId(text));
    } catch (IllegalArgumentException notAnId) {
      return Optional.empty();
    }
  }

  private static PathId pathId(String text) {
    try {
      return PathId.of(text);
    } catch (IllegalArgumentException wrong) {
      throw Refusal.badRequest(String.valueOf(wrong.getMessage()));
    }
  }
}
