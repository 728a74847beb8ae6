package dev.slipway.server.marathon;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.server.marathon.json.DeploymentJson;
import dev.slipway.server.probe.HealthView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// `/v2/deployments` (`DeploymentsResource.scala`).
record DeploymentsEndpoint(Control control, HealthView health) {
  /// Those that go on, oldest first.
  Answer list(Call call) {
    Page page = Page.of(call.query());
    List<Deployment> deployments = new ArrayList<>();
    control.state().deployments().values().forEach(deployments::add);
    deployments.sort(Comparator.comparing(Deployment::startedAt).thenComparing(Deployment::id));
    var view = new AppView(control.state(), health, control.now());
    var part =
        page.of(deployments).stream()
            .map(deployment -> DeploymentJson.fromCore(deployment, view::readiness))
            .toList();
    return page.describe(Answer.ok(part), call, deployments.size());
  }

  /// Gives a deployment up: with `force` all stays as it is now, otherwise another deployment
  /// changes back what this one changed.
  Answer cancel(Call call, String id) {
    DeploymentId deployment;
    try {
      deployment = new DeploymentId(id);
    } catch (IllegalArgumentException e) {
      throw Rejected.notFound("DeploymentPlan " + id + " does not exist");
    }
    return switch (control.submit(new Input.CancelDeployment(deployment, call.force()))) {
      case Reply.Deploying deploying -> Answer.deploying(200, deploying);
      case Reply.Done _, Reply.Rebalancing _ -> Answer.empty(202);
      case Reply.Refused refused -> Answer.refused(refused, control.state());
    };
  }
}
