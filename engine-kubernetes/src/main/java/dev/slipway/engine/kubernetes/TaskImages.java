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
  /// The image of Slipway itself, as it is built when it is given no other name. It holds a shell
  /// and a Java runtime.
  public static final String USUAL = "docker.io/library/slipway:latest";

  public static final TaskImages DEFAULT = new TaskImages(USUAL, USUAL, List.of());

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

  /// Slipway's own image, under another name: it fetches, and is what apps without one run in.
  public TaskImages withOwn(String image) {
    return new TaskImages(image, image, pullSecrets);
  }

  public TaskImages withPullSecrets(List<String> names) {
    return new TaskImages(base, fetch, names);
  }
}
