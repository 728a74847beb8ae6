package dev.slipway.cli.server;

import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.engine.local.HostPath;
import dev.slipway.engine.local.IsolationTier;
import dev.slipway.server.LocalOffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How this machine is offered to apps, for a server that runs tasks on it.
final class LocalOptions {
  /// Those that say nothing to a server that runs tasks elsewhere.
  static final List<String> NAMES =
      List.of(
          "--nodes", "--attribute", "--dedicated", "--disruption-risk", "--gpus", "--isolation");

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description = "Offers this machine as N nodes that share its capacity; 1.")
  int nodes = 1;

  @Option(
      names = "--attribute",
      paramLabel = "NAME=VALUE",
      description = "What constraints may speak of; of every node. May be repeated.")
  Map<String, String> attributes = new TreeMap<>();

  @Option(
      names = "--dedicated",
      paramLabel = "NAME",
      description =
          "Takes only apps with a constraint that asks for this attribute. May be repeated.")
  List<String> dedicated = new ArrayList<>();

  @Option(
      names = "--disruption-risk",
      paramLabel = "LEVEL",
      description =
          "How likely this machine is to vanish: none, low, medium or high. Apps keep off, but for"
              + " those that tolerate it.")
  String risk = "none";

  @Option(
      names = "--gpus",
      paramLabel = "N",
      description = "How many of this machine's GPUs tasks may be given; all of NVIDIA's.")
  @Nullable Integer gpus;

  @Option(
      names = "--isolation",
      paramLabel = "TIER",
      description = "Refuse to start below it: process, user-namespaces, namespaces or bubblewrap.")
  String isolation = IsolationTier.PROCESS.label();

  /// @param hostPaths directories that apps may mount, as they were written
  /// @throws IllegalArgumentException saying what is wrong
  LocalOffer offer(List<String> hostPaths) {
    LocalOffer offer =
        LocalOffer.WHOLE
            .offering(nodes, attributes)
            .dedicatedTo(dedicated)
            .risking(risk(risk))
            .isolatedAtLeast(IsolationTier.of(isolation))
            .allowing(hostPaths.stream().map(HostPath::parse).toList());
    return gpus == null ? offer : offer.offeringGpus(gpus);
  }

  private static DisruptionRisk risk(String text) {
    for (DisruptionRisk risk : DisruptionRisk.values()) {
      if (risk.name().equalsIgnoreCase(text)) {
        return risk;
      }
    }
    throw new IllegalArgumentException(
        "--disruption-risk is none, low, medium or high, not '" + text + "'");
  }
}
