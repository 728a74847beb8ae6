package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;

/// All that is seen of the pods of a namespace from outside, while they are made.
public record Sightings(PodSightings made, PodSightings bound, PodSightings run)
    implements AutoCloseable {

  /// @param prefix with which the names begin of those that count
  public static Sightings open(KubernetesClient client, String namespace, String prefix)
      throws InterruptedException {
    return new Sightings(
        PodSightings.open(client, namespace, PodSightings.CREATED, prefix),
        PodSightings.open(client, namespace, PodSightings.BOUND, prefix),
        PodSightings.open(client, namespace, PodSightings.RUNNING, prefix));
  }

  public int running() {
    return run.count();
  }

  public void into(StageTimes times) {
    times.reached(Stage.CREATED, made.all().values());
    times.reached(Stage.BOUND, bound.all().values());
    times.reached(Stage.RUNNING, run.all().values());
  }

  @Override
  public void close() {
    made.close();
    bound.close();
    run.close();
  }
}
