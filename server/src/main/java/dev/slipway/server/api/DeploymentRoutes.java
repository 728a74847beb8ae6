package dev.slipway.server.api;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// What is done with deployments beyond what `/v2` knows: letting one that is paused go on.
public final class DeploymentRoutes implements RouteGroup {
  private final StateSource source;
  private final Commands commands;

  public DeploymentRoutes(StateSource source, Commands commands) {
    this.source = source;
    this.commands = commands;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.post("/api/v1/deployments/{id}/resume", this::resume);
  }

  private void resume(Context context) {
    String text = context.pathParam("id");
    DeploymentId id;
    try {
      id = new DeploymentId(text);
    } catch (IllegalArgumentException notAnId) {
      throw unknown(text);
    }
    var deployment = source.state().deployment(id).orElseThrow(() -> unknown(text));
    if (!deployment.isPaused()) {
      throw new Refusal(409, "Deployment " + text + " is not paused; it goes on by itself");
    }
    switch (commands.submit(new Input.ResumeDeployment(id))) {
      case Reply.NotFound missing -> throw unknown(text);
      case Reply.Refused refused -> throw new Refusal(409, refused.message());
      case Reply.Deploying _, Reply.Done _, Reply.Rebalancing _ -> context.status(204);
    }
  }

  private static Refusal unknown(String id) {
    return Refusal.notFound("Deployment '" + id + "' does not go on");
  }
}
