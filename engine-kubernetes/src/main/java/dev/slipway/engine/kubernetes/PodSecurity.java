package dev.slipway.engine.kubernetes;

import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/// What a task's containers may do on their node: no more than the baseline of the Pod Security
/// Standards, unless the app asks for more and the operator allows it.
final class PodSecurity {
  private static final String SYSTEM_CALL_FILTER = "RuntimeDefault";

  private PodSecurity() {}

  static PodSecurityContext ofPod(
      TaskAccount account, DockerParameters parameters, PodVolumes volumes, boolean privileged) {
    var context = new PodSecurityContextBuilder();
    account.uid().ifPresent(context::withRunAsUser);
    account.gid().ifPresent(context::withRunAsGroup);
    if (!account.isRoot() && volumes.needsFileGroup()) {
      context.withFsGroup(TaskAccount.FILE_GROUP);
      if (volumes.hasClaims()) {
        context.withFsGroupChangePolicy("OnRootMismatch");
      }
    }
    if (!parameters.groups.isEmpty()) {
      context.withSupplementalGroups(List.copyOf(parameters.groups));
    }
    parameters.sysctls.forEach(
        (name, value) -> context.addNewSysctl().withName(name).withValue(value).endSysctl());
    if (!privileged) {
      context.withNewSeccompProfile().withType(SYSTEM_CALL_FILTER).endSeccompProfile();
    }
    return context.build();
  }

  /// @throws Refusal for rights that the operator does not allow
  static SecurityContext ofTask(
      DockerParameters parameters, boolean privileged, KubernetesSettings.Allowed allowed) {
    var context = new SecurityContextBuilder();
    if (privileged) {
      if (!allowed.privileged()) {
        throw new Refusal(
            "the app asks for a privileged container, which the operator does not allow;"
                + " --allow-privileged does");
      }
      context.withPrivileged(true);
    } else {
      checkCapabilities(parameters.addedCapabilities, allowed);
      context.withAllowPrivilegeEscalation(false);
    }
    if (!parameters.addedCapabilities.isEmpty() || !parameters.droppedCapabilities.isEmpty()) {
      context
          .withNewCapabilities()
          .withAdd(List.copyOf(parameters.addedCapabilities))
          .withDrop(List.copyOf(parameters.droppedCapabilities))
          .endCapabilities();
    }
    if (parameters.readOnly) {
      context.withReadOnlyRootFilesystem(true);
    }
    return context.build();
  }

  /// The init container gives what it fetched to the task's account, which takes root, and no more.
  static SecurityContext ofFetch() {
    return new SecurityContextBuilder()
        .withRunAsUser(0L)
        .withRunAsGroup(0L)
        .withAllowPrivilegeEscalation(false)
        .build();
  }

  private static void checkCapabilities(
      SortedSet<String> added, KubernetesSettings.Allowed allowed) {
    SortedSet<String> beyond = new TreeSet<>(added);
    beyond.removeAll(DockerParameters.BASELINE_CAPABILITIES);
    if (!beyond.isEmpty() && !allowed.privileged()) {
      throw new Refusal(
          "the app asks for the capabilities %s, which the operator does not allow;"
                  .formatted(beyond)
              + " --allow-privileged does");
    }
  }
}
