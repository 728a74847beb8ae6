package dev.slipway.engine.kubernetes;

import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.Node;
import io.fabric8.kubernetes.api.model.Taint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What labels and taints say of a node.
///
/// @param labels as they are, in a fixed order
/// @param attributes what constraints may speak of, as many as a node may have
/// @param dedicated those of them that an app has to ask for, each from a taint
/// @param leftOut how many more attributes there are
record NodeMarks(
    SortedMap<String, String> labels,
    SortedMap<String, String> attributes,
    SortedSet<String> dedicated,
    DisruptionRisk risk,
    int leftOut) {
  /// Says how likely the node is to vanish (`none`, `low`, `medium`, `high`), whatever its cloud
  /// says.
  static final String RISK = "slipway.dev/disruption-risk";

  /// By which labels clouds and autoscalers mark machines that they may take back at any time.
  private static final Map<String, String> TAKEN_BACK =
      Map.of(
          "karpenter.sh/capacity-type", "spot",
          "eks.amazonaws.com/capacitytype", "spot",
          "cloud.google.com/gke-spot", "true",
          "cloud.google.com/gke-preemptible", "true",
          "kubernetes.azure.com/scalesetpriority", "spot",
          "node.kubernetes.io/lifecycle", "spot");

  /// The label of the topology, its older form, and what constraints call it.
  private record Place(String label, String older, String attribute) {}

  private static final List<Place> PLACES =
      List.of(
          new Place(
              "topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone", "@zone"),
          new Place(
              "topology.kubernetes.io/region",
              "failure-domain.beta.kubernetes.io/region",
              "@region"));

  static NodeMarks of(io.fabric8.kubernetes.api.model.Node node) {
    SortedMap<String, String> labels =
        new TreeMap<>(NodeReading.orEmpty(node.getMetadata().getLabels()));
    List<Taint> taints = node.getSpec() == null ? List.of() : node.getSpec().getTaints();

    // What decides most comes first, so that it is not what is left out.
    Map<String, String> all = new LinkedHashMap<>();
    SortedSet<String> dedicated = new TreeSet<>();
    for (Taint taint : taints) {
      if (NodeClosing.keepsOff(taint) && !NodeClosing.isOfTheSystem(taint)) {
        all.put(taint.getKey(), taint.getValue() == null ? "" : taint.getValue());
        dedicated.add(taint.getKey());
      }
    }
    for (Place place : PLACES) {
      String value = labels.getOrDefault(place.label(), labels.getOrDefault(place.older(), ""));
      if (!value.isEmpty()) {
        all.put(place.attribute(), value);
      }
    }
    labels.forEach(all::putIfAbsent);
    return of(labels, all, dedicated);
  }

  private static NodeMarks of(
      SortedMap<String, String> labels, Map<String, String> all, SortedSet<String> dedicated) {
    SortedMap<String, String> attributes = new TreeMap<>();
    all.forEach(
        (name, value) -> {
          boolean fits = name.length() <= Node.MOST_LENGTH && value.length() <= Node.MOST_LENGTH;
          if (fits && attributes.size() < Node.MOST_ATTRIBUTES) {
            attributes.put(name, value);
          }
        });
    var asked = new TreeSet<String>();
    dedicated.stream().limit(Node.MOST_ATTRIBUTES).forEach(asked::add);
    return new NodeMarks(labels, attributes, asked, risk(labels), all.size() - attributes.size());
  }

  private static DisruptionRisk risk(Map<String, String> labels) {
    String told = labels.getOrDefault(RISK, "");
    for (DisruptionRisk risk : DisruptionRisk.values()) {
      if (risk.name().equalsIgnoreCase(told)) {
        return risk;
      }
    }
    boolean takenBack =
        labels.entrySet().stream()
            .anyMatch(
                label ->
                    label
                        .getValue()
                        .equalsIgnoreCase(
                            TAKEN_BACK.getOrDefault(label.getKey().toLowerCase(Locale.ROOT), "?")));
    return takenBack ? DisruptionRisk.HIGH : DisruptionRisk.NONE;
  }
}
