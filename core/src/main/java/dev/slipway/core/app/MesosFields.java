package dev.slipway.core.app;

import java.util.List;
import java.util.Optional;

/// What Marathon's clients may say and only Mesos gives a meaning: kept as it was given and shown
/// again.
///
/// @param executor empty or `//cmd`
/// @param executorResources as JSON
/// @param role `*` unless the app's group enforces one
/// @param acceptedResourceRoles empty when not given
public record MesosFields(
    Optional<String> executor,
    Optional<String> executorResources,
    Optional<String> role,
    List<String> acceptedResourceRoles) {
  public static final MesosFields NONE =
      new MesosFields(Optional.empty(), Optional.empty(), Optional.empty(), List.of());

  public MesosFields {
    acceptedResourceRoles = List.copyOf(acceptedResourceRoles);
  }
}
