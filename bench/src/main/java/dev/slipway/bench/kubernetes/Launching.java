package dev.slipway.bench.kubernetes;

import dev.slipway.bench.Wait;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;

/// How long instances take from the request until all run, on a cluster with real kubelets. Each
/// run has a namespace of its own, which is gone before the next one begins.
///
/// @param kubeconfig names the cluster
/// @param directories makes empty ones
/// @param pattern what pods are made from
/// @param pods how many instances
public record Launching(
    Assets assets, Path kubeconfig, Supplier<Path> directories, PodPattern pattern, int pods) {
  private static final Duration DEADLINE = Duration.ofMinutes(5);
  private static final String APP = "sleepers";

  /// Someone who can be asked for instances.
  public interface Contestant {
    StageTimes launch(Launching launching, KubernetesClient client, String namespace)
        throws IOException, InterruptedException;
  }

  /// A Deployment, whose pods kube-scheduler places. The scheduler is there before the request.
  public static final Contestant DEPLOYMENT =
      (launching, client, namespace) -> {
        try (var scheduler =
                ClusterScheduler.open(launching, client, namespace, KubeScheduler.Pace.AS_SHIPPED);
            var sightings = Sightings.open(client, namespace, APP)) {
          var times = new StageTimes();
          client.apps().deployments().resource(deployment(launching, namespace)).create();
          times.reached(Stage.ACCEPTED);
          launching.await(sightings, scheduler::requireAlive);
          launching.awaitReported(
              () ->
                  ready(client.apps().deployments().inNamespace(namespace).withName(APP).get())
                      == launching.pods());
          times.reached(Stage.REPORTED);
          sightings.into(times);
          times.read(client.pods().inNamespace(namespace).list().getItems());
          return times;
        }
      };

  /// One run in a namespace of its own.
  public StageTimes run(Contestant contestant) throws IOException, InterruptedException {
    try (KubernetesClient client = ControlPlane.client(kubeconfig);
        var namespace = OwnNamespace.create(client)) {
      return contestant.launch(this, client, namespace.name());
    }
  }

  /// @param check fails when there is no use in waiting on
  public void await(Sightings sightings, Runnable check) throws InterruptedException {
    Wait.until(
        pods + " pods run",
        DEADLINE,
        () -> {
          check.run();
          return sightings.running() >= pods;
        });
  }

  public void awaitReported(Wait.Condition condition) throws InterruptedException {
    Wait.until(pods + " instances are reported to run", DEADLINE, condition);
  }

  private static int ready(Deployment deployment) {
    Integer ready = deployment.getStatus().getReadyReplicas();
    return ready == null ? 0 : ready;
  }

  /// The same pods, but for the policy of restarts, which a Deployment does not leave open.
  private static Deployment deployment(Launching launching, String namespace) {
    Map<String, String> labels = Map.of("app", APP);
    return new DeploymentBuilder()
        .withNewMetadata()
        .withName(APP)
        .withNamespace(namespace)
        .endMetadata()
        .withNewSpec()
        .withReplicas(launching.pods())
        .withNewSelector()
        .withMatchLabels(labels)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .endMetadata()
        .withSpec(launching.pattern().spec().toBuilder().withRestartPolicy("Always").build())
        .endTemplate()
        .endSpec()
        .build();
  }
}
