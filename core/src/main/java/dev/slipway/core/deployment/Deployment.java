package dev.slipway.core.deployment;

import dev.slipway.core.app.App;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.Sorted;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;

/// A plan and its progress from one root to the next.
///
/// @param version the root's version that it leads to
/// @param currentStep 0 before the first step, then the number of the step, counted from 1
/// @param apps the apps that it changes, all of which it locks
/// @param groups the groups that it changes
/// @param course how it fares
public record Deployment(
    DeploymentId id,
    Instant version,
    List<Step> steps,
    int currentStep,
    SortedMap<PathId, Change<App>> apps,
    SortedMap<PathId, Change<GroupSpec>> groups,
    Instant startedAt,
    Instant stepStartedAt,
    Course course) {
  public Deployment {
    steps = List.copyOf(steps);
    apps = Sorted.copyOf(apps);
    groups = Sorted.copyOf(groups);
  }

  /// With nothing out of the ordinary.
  public Deployment(
      DeploymentId id,
      Instant version,
      List<Step> steps,
      int currentStep,
      SortedMap<PathId, Change<App>> apps,
      SortedMap<PathId, Change<GroupSpec>> groups,
      Instant startedAt,
      Instant stepStartedAt) {
    this(id, version, steps, currentStep, apps, groups, startedAt, stepStartedAt, Course.PLAIN);
  }

  /// How a deployment ended.
  public enum Outcome {
    SUCCEEDED,
    /// Given up on request; what it changed is being changed back by another deployment.
    ROLLED_BACK,
    /// Given up on request; tasks stay as they are.
    CANCELLED,
    /// Another deployment of the same apps was forced.
    SUPERSEDED,
    /// It came no further for too long and is being changed back, or it could not begin, or
    /// instances failed that are not to be started again.
    FAILED
  }

  /// A deployment that is over.
  public record Ended(Deployment deployment, Outcome outcome, String reason, Instant at) {}

  /// The actions that are going on now.
  public List<Action> currentActions() {
    return currentStep == 0 ? List.of() : steps.get(currentStep - 1).actions();
  }

  public boolean isLastStep() {
    return currentStep >= steps.size();
  }

  public Deployment atStep(int step, Instant at) {
    return new Deployment(
        id,
        version,
        steps,
        step,
        apps,
        groups,
        startedAt,
        at,
        course.withMarks(Course.PLAIN.marks()));
  }

  public Deployment with(Course next) {
    return new Deployment(
        id, version, steps, currentStep, apps, groups, startedAt, stepStartedAt, next);
  }

  /// Whether nothing more is replaced until somebody decides.
  public boolean isPaused() {
    return course
        .failure()
        .filter(failure -> failure.then() == Rollout.OnFailure.PAUSE)
        .isPresent();
  }
}
