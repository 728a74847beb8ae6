package dev.slipway.engine.kubernetes;

import dev.slipway.engine.kubernetes.Right.Reach;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// All that Slipway needs in a cluster, and Slipway itself, as YAML for `kubectl apply -f -`. It
/// grants the rights that the start asks for, and no others.
///
/// @param namespace where it goes, and where tasks run
/// @param image Slipway's own
/// @param storageClass where persistent volumes of tasks come from, and the server's own; without
///     one tasks have none, and the server's is the cluster's default
/// @param cacheDirectory where nodes keep what apps fetch
/// @param hostPorts whether tasks have ports of their nodes; without, apps need container networks
/// @param allowed what apps may ask for beyond the baseline
/// @param usage how kubelets are asked what tasks use
/// @param servers how many servers there are, and with what journal
public record Manifest(
    String namespace,
    String image,
    Optional<String> storageClass,
    Optional<NodePath> cacheDirectory,
    boolean hostPorts,
    KubernetesSettings.Allowed allowed,
    KubeletTrust usage,
    ManifestServers servers) {
  private static final String TEMPLATE = "manifest.yaml";

  /// @throws IllegalArgumentException when a name is not one that Kubernetes takes, or more is
  ///     allowed than the namespace would let in
  public Manifest {
    Texts.checkNamespace(namespace);
    Texts.checkImage("image", image);
    storageClass.ifPresent(name -> Texts.checkName("storage class", name));
    boolean beyond =
        allowed.privileged() || !allowed.paths().isEmpty() || cacheDirectory.isPresent();
    if (!hostPorts && beyond) {
      throw new IllegalArgumentException(
          "without host ports the namespace holds all pods to the baseline, which has neither"
              + " directories of nodes (a cache is one) nor privileged containers");
    }
  }

  /// The whole text, with comments.
  public String text() {
    List<Right> rights = Right.needed(storageClass.isPresent(), usage == KubeletTrust.VERIFIED);
    String text = template();
    String journalClass =
        storageClass.map(name -> "  storageClassName: " + quoted(name) + "\n").orElse("");
    for (var part : servers.parts(journalClass).entrySet()) {
      boolean line = !part.getKey().equals("REPLICAS");
      text = text.replace("@" + part.getKey() + "@" + (line ? "\n" : ""), part.getValue());
    }
    return text.replace("@NAMESPACE_RULES@", rules(rights, Reach.NAMESPACE))
        .replace("@CLUSTER_RULES@", rules(rights, Reach.CLUSTER))
        .replace("@POD_SECURITY@", podSecurity())
        .replace("@ARGUMENTS@", arguments())
        .replace("@IMAGE@", quoted(image))
        .replace("slipway-@NAMESPACE@", quoted("slipway-" + namespace))
        .replace("--namespace @NAMESPACE@", "--namespace " + namespace)
        .replace("create namespace @NAMESPACE@", "create namespace " + namespace)
        .replace("@NAMESPACE@", quoted(namespace));
  }

  private String podSecurity() {
    if (!hostPorts) {
      return """
      # Every pod here is held to the baseline of the Pod Security Standards.
      pod-security.kubernetes.io/enforce: baseline\
      """
          .indent(4)
          .stripTrailing();
    }
    return """
    # Slipway holds its tasks to the baseline of the Pod Security Standards itself, but for what
    # apps may ask for when it was started so, and for host ports: Marathon's apps have them by
    # default. The standard lets a known range of them pass; the controller built into Kubernetes
    # lets none pass, so it cannot enforce the baseline here. With --no-host-ports it does. The
    # audit log names each pod that is beyond the baseline.
    pod-security.kubernetes.io/enforce: privileged
    pod-security.kubernetes.io/audit: baseline\
    """
        .indent(4)
        .stripTrailing();
  }

  private String arguments() {
    List<String> words = new ArrayList<>(List.of("server", "--engine", "kubernetes"));
    words.addAll(List.of("--listen", "0.0.0.0:8080"));
    words.addAll(List.of("--kubernetes-namespace", namespace, "--kubernetes-image", image));
    words.addAll(List.of("--kubernetes-server", "http://slipway." + namespace + ".svc:8080"));
    words.addAll(servers.arguments());
    storageClass.ifPresent(name -> words.addAll(List.of("--kubernetes-storage-class", name)));
    cacheDirectory.ifPresent(
        directory -> words.addAll(List.of("--kubernetes-cache", directory.path().toString())));
    if (allowed.privileged()) {
      words.add("--kubernetes-allow-privileged");
    }
    allowed.paths().forEach(path -> words.addAll(List.of("--allow-host-path", path.toString())));
    if (usage != KubeletTrust.VERIFIED) {
      words.addAll(List.of("--kubernetes-usage", usage.name().toLowerCase(java.util.Locale.ROOT)));
    }
    return words.stream()
        .map(word -> "            - " + quoted(word))
        .collect(Collectors.joining("\n"));
  }

  private static String rules(List<Right> rights, Reach reach) {
    return rights.stream()
        .filter(right -> right.reach() == reach)
        .map(
            right ->
                "  - apiGroups: [%s]\n    resources: [%s]\n    verbs: [%s]"
                    .formatted(
                        quoted(right.group()), right.resource(), String.join(", ", right.verbs())))
        .collect(Collectors.joining("\n"));
  }

  /// As a YAML text whatever it looks like: `123`, `on` and `null` are names too.
  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String template() {
    try (InputStream text = Manifest.class.getResourceAsStream(TEMPLATE)) {
      if (text == null) {
        throw new IllegalStateException("this build lacks " + TEMPLATE);
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
