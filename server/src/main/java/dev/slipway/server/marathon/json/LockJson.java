package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.slipway.core.app.PathId;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import java.util.List;
import java.util.Optional;

/// A deployment that holds apps. Marathon tells its id alone.
///
/// @param affectedApps the first {@link #MAX_APPS} apps that it is about
public record LockJson(String id, @JsonInclude(Include.NON_EMPTY) List<String> affectedApps) {
  static final int MAX_APPS = 50;

  /// @param deployment nothing when it is over by now
  public static LockJson fromCore(DeploymentId id, Optional<Deployment> deployment) {
    return new LockJson(
        id.value(),
        deployment.stream()
            .flatMap(known -> known.apps().keySet().stream())
            .limit(MAX_APPS)
            .map(PathId::toString)
            .toList());
  }
}
