package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.placement.FunnelRow;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Survey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// An app with instances that wait for a node (`queue.raml`). Where Marathon counts offers, Slipway
/// looks at every node once, at the moment of asking.
///
/// @param count instances that wait
/// @param role left out where it is `*`, since closed clients do not know it
/// @param since since when the longest waiting one does
public record QueueItemJson(
    AppJson app,
    int count,
    Optional<String> role,
    DelayJson delay,
    String since,
    OffersSummaryJson processedOffersSummary,
    Optional<List<UnusedOfferJson>> lastUnusedOffers) {

  /// @param overdue whether no delay is left, so that it waits for a node
  public record DelayJson(long timeLeftSeconds, boolean overdue) {}

  public record OffersSummaryJson(
      int processedOffersCount,
      int unusedOffersCount,
      Optional<String> lastUnusedOfferAt,
      Optional<String> lastUsedOfferAt,
      List<FunnelRow> rejectSummaryLastOffers,
      List<FunnelRow> rejectSummaryLaunchAttempt) {

    /// @param lastLaunch when an instance of the app was last put on a node
    public static OffersSummaryJson of(Survey survey, Optional<Instant> lastLaunch, Instant now) {
      List<FunnelRow> rows = FunnelRow.of(survey);
      int unused = survey.refusing();
      return new OffersSummaryJson(
          survey.nodes(),
          unused,
          unused == 0 ? Optional.empty() : Optional.of(Timestamps.format(now)),
          lastLaunch.map(Timestamps::format),
          rows,
          rows);
    }
  }

  /// @param reason Marathon's word for what speaks against the node first
  public record UnusedOfferJson(OfferJson offer, List<String> reason, String timestamp) {}

  public record OfferJson(
      String id,
      String hostname,
      String agentId,
      List<ResourceJson> resources,
      List<AttributeJson> attributes) {}

  public record ResourceJson(
      String name, String role, Optional<Number> scalar, Optional<List<RangeJson>> ranges) {
    static ResourceJson scalar(String name, double value) {
      return new ResourceJson(name, "*", Optional.of(Numbers.plain(value)), Optional.empty());
    }

    static ResourceJson ports(List<PortRange> ranges) {
      return new ResourceJson(
          "ports",
          "*",
          Optional.empty(),
          Optional.of(
              ranges.stream().map(range -> new RangeJson(range.first(), range.last())).toList()));
    }
  }

  public record RangeJson(int begin, int end) {}

  public record AttributeJson(String name, String text) {}

  /// A node that does not take the instance, as the offer that Mesos would have made of it: what is
  /// free on it now.
  public static UnusedOfferJson unusedOffer(NodeRecord record, NodeVerdict verdict, Instant now) {
    Node node = record.node();
    var free = record.free();
    List<ResourceJson> resources = new ArrayList<>();
    resources.add(ResourceJson.scalar("cpus", free.cpus()));
    resources.add(ResourceJson.scalar("mem", free.memMebibytes()));
    resources.add(ResourceJson.scalar("disk", free.diskMebibytes()));
    resources.add(ResourceJson.scalar("gpus", free.gpus()));
    resources.add(ResourceJson.ports(List.of(node.dynamicPorts())));
    return new UnusedOfferJson(
        new OfferJson(
            node.id().value(),
            node.hostname(),
            node.id().value(),
            resources,
            node.attributes().entrySet().stream()
                .map(entry -> new AttributeJson(entry.getKey(), entry.getValue()))
                .toList()),
        verdict.reason().marathonName().stream().toList(),
        Timestamps.format(now));
  }
}
