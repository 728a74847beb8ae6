package dev.slipway.bench;

import dev.slipway.bench.kubernetes.Assets;
import dev.slipway.bench.kubernetes.MissingException;
import dev.slipway.bench.kubernetes.PodTemplate;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What the benchmark on Kubernetes may use.
///
/// @param kubeconfig names a cluster with real nodes
/// @param assets Kubernetes' own programs
/// @param cluster a script that makes such a cluster, and tells where those programs are
/// @param image what the tasks on real nodes are made from; it has `/bin/sh`
record KubernetesMeans(
    Optional<Path> kubeconfig, Optional<Assets> assets, Optional<Path> cluster, String image) {
  static final String KUBECONFIG = "KUBECONFIG";

  static final KubernetesMeans NONE = of(Map.of(), Optional.empty(), PodTemplate.IMAGE);

  /// @param variables where $KUBECONFIG and $KUBEBUILDER_ASSETS may be
  static KubernetesMeans of(Map<String, String> variables, Optional<Path> cluster, String image) {
    return new KubernetesMeans(
        path(variables, KUBECONFIG),
        path(variables, Assets.VARIABLE).map(Assets::new),
        cluster,
        image);
  }

  private static Optional<Path> path(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(text -> !text.isEmpty()).map(Path::of);
  }

  /// @throws MissingException without any
  Assets requiredAssets() {
    return assets.orElseThrow(
        () ->
            new MissingException(
                "it needs Kubernetes' programs: set $"
                    + Assets.VARIABLE
                    + " to a directory with etcd, kube-apiserver and kube-scheduler"));
  }

  /// What a script tells fills what is not known.
  KubernetesMeans or(Map<String, String> variables) {
    KubernetesMeans told = of(variables, cluster, image);
    return new KubernetesMeans(
        kubeconfig.or(told::kubeconfig), assets.or(told::assets), cluster, image);
  }
}
