package dev.slipway.engine.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Something that the engine does with one kind of objects, and so has to be allowed to do. This
/// list is the only one: the manifest grants it, and the start asks for each entry.
///
/// @param group the API group, empty for the core
/// @param resource in the plural, with its part: `pods`, `nodes/stats`
/// @param verbs as RBAC has them
/// @param reach where
record Right(String group, String resource, List<String> verbs, Reach reach) {
  enum Reach {
    /// In the namespace of tasks.
    NAMESPACE,
    /// In the whole cluster; nothing is written there.
    CLUSTER
  }

  private static final String CORE = "";

  /// What is done whatever the settings are.
  private static final List<Right> ALWAYS =
      List.of(
          // Each task is a pod; its end is patched into it; ended ones are deleted after a while.
          // To list and watch them is granted with all others below.
          in(CORE, "pods", "get", "create", "patch", "delete"),
          in(CORE, "pods/log", "get"),
          // Health checks by command, files of sandboxes, terminals. Clusters from 1.35 on ask for
          // `create` whatever the way of the connection, older ones for `get`.
          in(CORE, "pods/exec", "get", "create"),
          // What a task is given of the secret store, and with what its image is pulled.
          // Those whose pod never came to be are found and deleted.
          in(CORE, "secrets", "list", "create", "patch", "delete"),
          // The fence between two servers.
          in("coordination.k8s.io", "leases", "get", "create", "update"),
          in(CORE, "namespaces", "get"),
          all(CORE, "nodes", "get", "list", "watch"),
          // Ours, and what those of others take of the nodes.
          all(CORE, "pods", "list", "watch"));

  private static final List<Right> FOR_VOLUMES =
      List.of(
          in(CORE, "persistentvolumeclaims", "get", "list", "create", "delete"),
          // They alone say that a volume does not come.
          in(CORE, "events", "list"),
          all(CORE, "persistentvolumes", "list"),
          all("storage.k8s.io", "storageclasses", "get"));

  /// Not `nodes/proxy`, with which one could run commands in every pod of a node.
  private static final List<Right> FOR_USAGE = List.of(all(CORE, "nodes/stats", "get"));

  Right {
    verbs = List.copyOf(verbs);
  }

  private static Right in(String group, String resource, String... verbs) {
    return new Right(group, resource, List.of(verbs), Reach.NAMESPACE);
  }

  private static Right all(String group, String resource, String... verbs) {
    return new Right(group, resource, List.of(verbs), Reach.CLUSTER);
  }

  /// All that an engine with these settings does.
  static List<Right> neededBy(KubernetesSettings settings) {
    return needed(settings.storageClass().isPresent(), settings.usage() == KubeletTrust.VERIFIED);
  }

  static List<Right> needed(boolean volumes, boolean usage) {
    List<Right> needed = new ArrayList<>(ALWAYS);
    needed.addAll(volumes ? FOR_VOLUMES : List.of());
    needed.addAll(usage ? FOR_USAGE : List.of());
    return needed;
  }

  /// One verb each.
  Stream<Right> single() {
    return verbs.stream().map(verb -> new Right(group, resource, List.of(verb), reach));
  }

  /// The kind of objects, without the part.
  String kind() {
    int slash = resource.indexOf('/');
    return slash < 0 ? resource : resource.substring(0, slash);
  }

  /// The part of them, or nothing.
  String part() {
    int slash = resource.indexOf('/');
    return slash < 0 ? "" : resource.substring(slash + 1);
  }

  /// `create, patch pods`, as people say it.
  @Override
  public String toString() {
    return String.join(", ", verbs) + " " + resource + (group.isEmpty() ? "" : "." + group);
  }
}
