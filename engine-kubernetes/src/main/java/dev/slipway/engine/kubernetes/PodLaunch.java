package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Fetch;
import dev.slipway.core.engine.ArtifactFetcher.FetchFailure;
import dev.slipway.core.engine.EngineUnavailable;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.SecretUnreadable;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskLaunch;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/// Makes the pod of a task with all that it needs: claims of its volumes, Secrets, then the pod,
/// and the Secrets its own.
///
/// Each step may be done again: what is there already stays as it is. Any thread may call.
final class PodLaunch {
  private static final PatchContext MERGE = PatchContext.of(PatchType.STRATEGIC_MERGE);

  private final KubernetesClient client;
  private final String namespace;
  private final Writes writes;
  private final Claims claims;
  private final PodPlanner planner;
  private final SecretReader secrets;
  private final ArtifactLinks links;

  PodLaunch(
      Connection connection,
      Writes writes,
      Claims claims,
      PodPlanner planner,
      SecretReader secrets,
      ArtifactLinks links) {
    this.client = connection.client();
    this.namespace = connection.namespace();
    this.writes = writes;
    this.claims = claims;
    this.planner = planner;
    this.secrets = secrets;
    this.links = links;
  }

  /// @param user who has the claim of that name now
  /// @return why the task cannot be launched; nothing once its pod is made
  /// @throws EngineUnavailable when it is not known whether it is made
  Optional<TaskEnd> carryOut(
      TaskLaunch launch, Node node, Function<String, Optional<String>> user) {
    try {
      SortedMap<String, SecretValue> values = values(launch);
      List<Fetch> artifacts = new ArrayList<>();
      for (Fetch fetch : launch.fetch()) {
        artifacts.add(links.linked(fetch));
      }
      claims.prepare(launch.surroundings().volumes(), node, user);
      var request = new PodRequest(launch, taints(node), values, artifacts);
      return switch (planner.plan(request)) {
        case PodPlan.Refused(TaskEnd end) -> Optional.of(end);
        case PodPlan.PodOrder order -> make(order);
      };
    } catch (Unreadable unreadable) {
      return Optional.of(TaskEnd.of(Reason.LAUNCH_FAILED, String.valueOf(unreadable.getMessage())));
    } catch (FetchFailure failure) {
      return Optional.of(TaskEnd.of(Reason.FETCH_FAILED, String.valueOf(failure.getMessage())));
    } catch (Claims.Unavailable unavailable) {
      return Optional.of(unavailable.end());
    } catch (KubernetesClientException refused) {
      return Optional.of(refusal(refused));
    }
  }

  private static List<Taint> taints(Node node) {
    return node.getSpec() == null || node.getSpec().getTaints() == null
        ? List.of()
        : node.getSpec().getTaints();
  }

  private Optional<TaskEnd> make(PodPlan.PodOrder order) {
    List<Secret> given =
        Stream.concat(order.secret().stream(), order.pullSecret().stream()).toList();
    given.forEach(this::create);
    String name = order.pod().getMetadata().getName();
    Optional<String> made =
        writes.send("the pod " + name, () -> create(order.pod(), !given.isEmpty()));
    if (made.isEmpty()) {
      return Optional.of(TaskEnd.of(Reason.KILLED, "killed before it was launched"));
    }
    String uid = made.get();
    for (Secret secret : given) {
      own(secret, name, uid);
    }
    return Optional.empty();
  }

  /// The answer is the whole pod again; it is read only where somebody needs to know of it.
  ///
  /// @return the pod's uid, or an empty text where it is not asked for; nothing where the task was
  ///     ended before
  private Optional<String> create(Pod pod, boolean identified) {
    String name = pod.getMetadata().getName();
    try {
      String made = client.raw("/api/v1/namespaces/" + namespace + "/pods", "POST", pod);
      if (made == null) {
        throw new KubernetesClientException(
            "there is no namespace '" + namespace + "'", Failures.NOT_FOUND, null);
      }
      return Optional.of(
          identified
              ? client
                  .getKubernetesSerialization()
                  .unmarshal(made, Pod.class)
                  .getMetadata()
                  .getUid()
              : "");
    } catch (KubernetesClientException failure) {
      return Optional.of(there(failure, name))
          .filter(known -> !Tombstones.is(known))
          .map(known -> on(pod.getSpec().getNodeName(), known, failure))
          .map(known -> known.getMetadata().getUid());
    }
  }

  /// A pod of ours on another node is of an order that the journal lost. Once it is heard of, the
  /// launch is told to have failed. Of a strange pod nothing is ever heard.
  private static Pod on(String node, Pod known, KubernetesClientException failure) {
    String other = known.getSpec().getNodeName();
    if (other == null || !Names.isOurs(known)) {
      throw failure;
    }
    if (!node.equals(other)) {
      throw new EngineUnavailable(
          "the pod %s is on node %s already".formatted(known.getMetadata().getName(), other),
          failure);
    }
    return known;
  }

  /// The pod that an earlier attempt made, of which the answer was lost, or what keeps its name.
  private Pod there(KubernetesClientException failure, String name) {
    Pod known =
        failure.getCode() == Failures.CONFLICT
            ? client.pods().inNamespace(namespace).withName(name).get()
            : null;
    if (known == null) {
      throw failure;
    }
    return known;
  }

  private void create(Secret secret) {
    writes.send(
        "the secret " + secret.getMetadata().getName(),
        () -> {
          try {
            return client.secrets().inNamespace(namespace).resource(secret).create();
          } catch (KubernetesClientException failure) {
            if (failure.getCode() == Failures.CONFLICT) {
              return secret;
            }
            throw failure;
          }
        });
  }

  /// So that Kubernetes deletes it with the pod.
  private void own(Secret secret, String pod, String uid) {
    String name = secret.getMetadata().getName();
    var owner = Map.of("apiVersion", "v1", "kind", "Pod", "name", pod, "uid", uid);
    String patch =
        client
            .getKubernetesSerialization()
            .asJson(Map.of("metadata", Map.of("ownerReferences", List.of(owner))));
    try {
      writes.send(
          "the owner of the secret " + name,
          () -> client.secrets().inNamespace(namespace).withName(name).patch(MERGE, patch));
    } catch (KubernetesClientException | EngineUnavailable left) {
      // The task runs. What nobody owns is found and removed later.
      return;
    }
  }

  /// The values of what the launch refers to, by the app's own names.
  private SortedMap<String, SecretValue> values(TaskLaunch launch) throws Unreadable {
    SortedMap<String, SecretValue> values = new TreeMap<>();
    for (var source : launch.surroundings().secrets().sources().entrySet()) {
      values.put(source.getKey(), value(source.getKey(), source.getValue()));
    }
    return values;
  }

  private SecretValue value(String name, String source) throws Unreadable {
    try {
      return secrets
          .read(source)
          .orElseThrow(
              () ->
                  new Unreadable(
                      "there is no secret '%s', which the app calls '%s'; set it and try again"
                          .formatted(source, name)));
    } catch (SecretUnreadable problem) {
      throw new Unreadable(
          "the secret '%s' ('%s') cannot be read: %s"
              .formatted(name, source, problem.getMessage()));
    }
  }

  private static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1;

    Unreadable(String message) {
      super(message);
    }
  }

  private static TaskEnd refusal(KubernetesClientException refused) {
    return TaskEnd.of(Reason.LAUNCH_FAILED, "Kubernetes refuses it: " + Failures.line(refused));
  }
}
