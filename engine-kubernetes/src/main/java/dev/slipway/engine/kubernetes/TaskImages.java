package dev.slipway.engine.kubernetes;

import java.util.List;

/// The images of tasks that do not come from their apps.
///
/// @param base what a task runs in whose app names no image; it has to hold `/bin/sh` and what the
///     apps' code needs
/// @param fetch what fetches into sandboxes before tasks start
/// @param pullSecrets names of secrets of the namespace, of type kubernetes.io/dockerconfigjson,
///     with which every node may pull images
public record TaskImages(String base, String fetch, List<String> pullSecrets) {
  /// A small system with a shell. It names a version, so that tasks do not change under their apps.
  public static final String USUAL_BASE = "docker.io/library/debian:bookworm-slim";

  /// No registry answers to `localhost` on a node: the image has to be loaded into the nodes, or to
  /// lie in a registry that the operator names. A stranger can put nothing in its place.
  public static final String USUAL_FETCH = "localhost/slipway/fetch:1";

  public static final TaskImages DEFAULT = new TaskImages(USUAL_BASE, USUAL_FETCH, List.of());

  /// Far more than registries that one cluster pulls from.
  static final int MOST_PULL_SECRETS = 16;

  public TaskImages {
    Texts.checkImage("base image", base);
    Texts.checkImage("image that fetches", fetch);
    pullSecrets = List.copyOf(pullSecrets);
    pullSecrets.forEach(name -> Texts.checkName("pull secret", name));
    if (pullSecrets.size() > MOST_PULL_SECRETS) {
      throw new IllegalArgumentException(
          "there are at most " + MOST_PULL_SECRETS + " pull secrets");
    }
  }

  public TaskImages withBase(String image) {
    return new TaskImages(image, fetch, pullSecrets);
  }

  public TaskImages withFetch(String image) {
    return new TaskImages(base, image, pullSecrets);
  }

  public TaskImages withPullSecrets(List<String> names) {
    return new TaskImages(base, fetch, names);
  }
}
