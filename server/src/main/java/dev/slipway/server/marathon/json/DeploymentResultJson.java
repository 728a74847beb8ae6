package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.control.Reply;

/// What a change answers: the deployment that leads there.
public record DeploymentResultJson(String version, String deploymentId) {
  public static DeploymentResultJson fromCore(Reply.Deploying deploying) {
    return new DeploymentResultJson(
        Timestamps.format(deploying.version()), deploying.deployment().value());
  }
}
