package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.engine.kubernetes.PodPlan.PodOrder;
import dev.slipway.engine.kubernetes.PodPlan.Refused;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the planner of pods makes of launches.
final class Plans {
  static final PodDefaults DEFAULTS =
      PodDefaults.of(KubernetesSettings.DEFAULT, "tasks", Optional.empty());

  private Plans() {}

  static PodOrder plan(Launches launch) {
    return plan(launch, Map.of());
  }

  static PodOrder plan(Launches launch, Map<String, SecretValue> secrets) {
    PodPlan plan = new PodPlanner(DEFAULTS).plan(request(launch, secrets));
    assertThat(plan).isInstanceOf(PodOrder.class);
    return (PodOrder) plan;
  }

  static PodRequest request(Launches launch, Map<String, SecretValue> secrets) {
    return new PodRequest(
        launch.build(), List.of(), new TreeMap<>(secrets), launch.build().fetch());
  }

  static TaskEnd refusal(Launches launch) {
    PodPlan plan = new PodPlanner(DEFAULTS).plan(PodRequest.of(launch.build(), List.of()));
    assertThat(plan).isInstanceOf(Refused.class);
    return ((Refused) plan).end();
  }

  static Container task(Launches launch) {
    return plan(launch).pod().getSpec().getContainers().getFirst();
  }

  static Map<String, String> variables(Container container) {
    Map<String, String> variables = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      if (variable.getValue() != null) {
        variables.put(variable.getName(), variable.getValue());
      }
    }
    return variables;
  }
}
