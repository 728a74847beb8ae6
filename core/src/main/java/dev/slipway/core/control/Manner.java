package dev.slipway.core.control;

import dev.slipway.core.deployment.Course;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import java.util.Optional;

/// How a deployment is started.
///
/// @param force whether deployments that hold its apps give way
/// @param strict whether dependencies that nothing answers to are refused
/// @param course the deployment's own
/// @param id the one that it was promised to have
/// @param outcome how the deployments end that give way
/// @param why what is told of that beside which one they gave way to; may be empty
record Manner(
    boolean force,
    boolean strict,
    Course course,
    Optional<DeploymentId> id,
    Deployment.Outcome outcome,
    String why) {

  static Manner of(Input.Terms terms) {
    return new Manner(
        terms.force(),
        !terms.allowUnknownDependencies(),
        Course.of(!terms.force()),
        Optional.empty(),
        Deployment.Outcome.SUPERSEDED,
        "");
  }

  /// Takes back what a deployment changed, which ends with `outcome`.
  static Manner reverting(DeploymentId deployment, Deployment.Outcome outcome, String why) {
    return new Manner(true, false, Course.reverting(deployment), Optional.empty(), outcome, why);
  }

  /// As promised to a wish that waited.
  static Manner queued(DeploymentId id) {
    return new Manner(
        false, false, Course.PLAIN, Optional.of(id), Deployment.Outcome.SUPERSEDED, "");
  }

  boolean isReverting() {
    return course.reverts().isPresent();
  }

  /// What is told of a deployment that gives way to `next`.
  String reason(DeploymentId next) {
    return why.isEmpty() ? "gave way to " + next : why + "; changed back by " + next;
  }
}
