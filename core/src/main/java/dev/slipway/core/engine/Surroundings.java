package dev.slipway.core.engine;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.Secrets;
import java.util.List;
import java.util.Optional;

/// What a task is wrapped in and what is put beside it.
///
/// @param container as the app describes it, secret files and host volumes among its volumes
/// @param secrets which secrets go into the environment and into files: names, never values, which
///     the engine reads from its {@link SecretReader} as it starts the task
/// @param volumes the instance's own persistent volumes, one for each that the container lists
public record Surroundings(
    Optional<Container> container,
    List<Network> networks,
    Secrets secrets,
    List<MountedVolume> volumes,
    ResourceLimits limits,
    boolean tty) {
  /// On the node's network, without anything.
  public static final Surroundings NONE =
      new Surroundings(
          Optional.empty(),
          List.of(Network.HOST),
          Secrets.NONE,
          List.of(),
          ResourceLimits.NONE,
          false);

  public Surroundings {
    networks = List.copyOf(networks);
    volumes = List.copyOf(volumes);
  }

  public static Surroundings of(AppSpec app, List<MountedVolume> volumes) {
    return new Surroundings(
        app.container(), app.networks(), app.secrets(), volumes, app.resourceLimits(), app.tty());
  }
}
