package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// From which nodes a volume can be reached, as its node affinity says (Kubernetes' API, type
/// `VolumeNodeAffinity`): one of the terms has to hold, a term with all its expressions.
///
/// @param terms none where every node reaches it
record NodeAffinityRule(Optional<List<NodeSelectorTerm>> terms) {
  /// The only field of a node that terms may speak of.
  private static final String NAME = "metadata.name";

  static NodeAffinityRule of(PersistentVolume volume) {
    return new NodeAffinityRule(
        Optional.ofNullable(volume.getSpec().getNodeAffinity())
            .flatMap(affinity -> Optional.ofNullable(affinity.getRequired()))
            .map(required -> required.getNodeSelectorTerms()));
  }

  boolean admits(Node node) {
    return terms.isEmpty() || terms.get().stream().anyMatch(term -> holds(term, node));
  }

  /// A term that says nothing holds nowhere.
  private static boolean holds(NodeSelectorTerm term, Node node) {
    List<NodeSelectorRequirement> labels = term.getMatchExpressions();
    List<NodeSelectorRequirement> fields = term.getMatchFields();
    Map<String, String> known =
        node.getMetadata().getLabels() == null ? Map.of() : node.getMetadata().getLabels();
    return !(labels.isEmpty() && fields.isEmpty())
        && labels.stream()
            .allMatch(rule -> holds(rule, Optional.ofNullable(known.get(rule.getKey()))))
        && fields.stream()
            .allMatch(
                rule ->
                    NAME.equals(rule.getKey())
                        && holds(rule, Optional.of(node.getMetadata().getName())));
  }

  private static boolean holds(NodeSelectorRequirement rule, Optional<String> value) {
    return switch (rule.getOperator()) {
      case "In" -> value.filter(rule.getValues()::contains).isPresent();
      case "NotIn" -> value.filter(rule.getValues()::contains).isEmpty();
      case "Exists" -> value.isPresent();
      case "DoesNotExist" -> value.isEmpty();
      case "Gt" -> compare(value, rule).filter(order -> order > 0).isPresent();
      case "Lt" -> compare(value, rule).filter(order -> order < 0).isPresent();
      default -> false;
    };
  }

  private static Optional<Integer> compare(Optional<String> value, NodeSelectorRequirement rule) {
    try {
      return value.map(
          text -> Long.compare(Long.parseLong(text), Long.parseLong(rule.getValues().getFirst())));
    } catch (NumberFormatException noNumber) {
      return Optional.empty();
    }
  }
}
