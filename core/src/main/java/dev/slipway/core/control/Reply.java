package dev.slipway.core.control;

import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.rebalancing.Plan;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a client is told. An expected failure is a value.
public sealed interface Reply {

  /// A deployment leads there. It may be over already when there was nothing to do, be one that
  /// led there before the wish, or wait for others to end.
  ///
  /// @param killed instances that were ended by the wish itself
  record Deploying(DeploymentId deployment, Instant version, List<Instance> killed)
      implements Reply {}

  /// Done, without a deployment.
  record Done(List<Instance> killed) implements Reply {}

  /// What is moved from now on; nothing where that would not pay.
  record Rebalancing(Plan plan) implements Reply {}

  /// Nothing was changed.
  sealed interface Refused extends Reply {
    String message();
  }

  record NotFound(String message) implements Refused {}

  /// It exists already.
  record Conflict(String message) implements Refused {}

  /// Deployments hold apps of the wish.
  ///
  /// @param apps those that are held
  record Locked(List<DeploymentId> deployments, List<PathId> apps) implements Refused {
    public Locked {
      deployments = List.copyOf(deployments);
      apps = List.copyOf(apps);
    }

    @Override
    public String message() {
      return "App is locked by one or more deployments. Override with the option '?force=true'."
          + " View details at '/v2/deployments/<DEPLOYMENT_ID>'.";
    }
  }

  record Invalid(List<Problem> problems) implements Refused {
    public static Invalid of(String path, String message) {
      return new Invalid(List.of(new Problem(path, message)));
    }

    @Override
    public String message() {
      return "Object is not valid";
    }
  }

  /// A limit was reached that ends by itself.
  record TooMany(String message) implements Refused {}

  default Optional<Refused> refusal() {
    return this instanceof Refused refused ? Optional.of(refused) : Optional.empty();
  }
}
