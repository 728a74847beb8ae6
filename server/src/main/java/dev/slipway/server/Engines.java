package dev.slipway.server;

import dev.slipway.engine.kubernetes.KubernetesEngine;
import dev.slipway.engine.local.IsolationDemand;
import dev.slipway.engine.local.LocalEngine;
import dev.slipway.engine.local.LocalEngineSettings;
import dev.slipway.engine.local.LocalMachine;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;

/// Makes the engine that a server was told to run tasks with.
final class Engines {
  private Engines() {}

  static EngineParts.Factory of(EngineChoice choice) {
    return switch (choice) {
      case EngineChoice.Local local -> means -> local(local.offer(), means);
      case EngineChoice.Kubernetes kubernetes -> means -> kubernetes(kubernetes, means);
    };
  }

  private static EngineParts local(LocalOffer offer, EngineParts.Means means) throws IOException {
    Path directory = means.data().resolve("engine");
    var found = LocalMachine.probe(means.data());
    var machine = found.withGpus(offer.gpus().orElse(found.gpus()));
    LocalEngine engine =
        LocalEngine.open(
            LocalEngineSettings.of(
                    directory,
                    machine.nodes(offer.nodes(), offer.attributes(), offer.dedicated()).stream()
                        .map(node -> node.withRisk(offer.risk()))
                        .toList(),
                    means.fetcher())
                .withSecrets(means.secrets())
                .withHostPaths(offer.hostPaths())
                .withIsolation(IsolationDemand.atLeast(offer.weakestIsolation())));
    return new EngineParts(
        engine, engine.tier().label(), engine.nodes().getFirst().hostname(), engine.nodes().size());
  }

  private static EngineParts kubernetes(EngineChoice.Kubernetes choice, EngineParts.Means means)
      throws IOException {
    KubernetesEngine engine =
        KubernetesEngine.open(
            choice.settings(),
            new KubernetesEngine.Means(
                means.data().resolve("kubernetes"), means.secrets(), means.links()));
    String hostname =
        choice
            .server()
            .map(URI::getHost)
            .orElseGet(() -> InetAddress.getLoopbackAddress().getHostName());
    return new EngineParts(engine, "pods", hostname, engine.nodes());
  }
}
