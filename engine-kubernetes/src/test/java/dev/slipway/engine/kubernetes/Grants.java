package dev.slipway.engine.kubernetes;

import dev.slipway.engine.kubernetes.Right.Reach;
import dev.slipway.engine.kubernetes.testing.ApiServer;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/// What a user of a test's API server may do.
final class Grants {
  private static final String NAME = "granted";

  private final ApiServer api;
  private final String namespace;

  private Grants(ApiServer api, String namespace) {
    this.api = api;
    this.namespace = namespace;
  }

  static Grants to(ApiServer api, String namespace, String user) {
    KubernetesClient client = api.client();
    client
        .resource(
            new RoleBindingBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "Role", NAME)
                .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                .build())
        .create();
    client
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(NAME)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", NAME)
                .addNewSubject("rbac.authorization.k8s.io", "User", user, null)
                .build())
        .create();
    return new Grants(api, namespace);
  }

  void grantAllBut(List<Right> all, Right missing) {
    List<Right> others = new ArrayList<>();
    all.stream()
        .flatMap(Right::single)
        .filter(right -> !right.equals(missing))
        .forEach(others::add);
    grant(others);
  }

  /// These and no others; known to the API server when this returns.
  void grant(List<Right> rights) {
    var role =
        new RoleBuilder()
            .withNewMetadata()
            .withName(NAME)
            .withNamespace(namespace)
            .endMetadata()
            .withRules(rules(rights, Reach.NAMESPACE))
            .addNewRule()
            .withApiGroups("")
            .withResources("configmaps")
            .withResourceNames(mark(rights))
            .withVerbs("get")
            .endRule();
    var clusterRole =
        new ClusterRoleBuilder()
            .withNewMetadata()
            .withName(NAME)
            .endMetadata()
            .withRules(rules(rights, Reach.CLUSTER))
            .addNewRule()
            .withApiGroups("")
            .withResources("configmaps")
            .withResourceNames("c" + mark(rights))
            .withVerbs("get")
            .endRule();
    api.client().resource(role.build()).createOr(resource -> resource.update());
    api.client().resource(clusterRole.build()).createOr(resource -> resource.update());
    // The API server hears of roles by watches of its own: the marks tell that it has.
    try (KubernetesClient user = api.clientWithoutRights()) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .pollInterval(Duration.ofMillis(20))
          .until(() -> knows(user, mark(rights)) && knows(user, "c" + mark(rights)));
    }
  }

  private boolean knows(KubernetesClient user, String name) {
    try {
      return user.configMaps().inNamespace(namespace).withName(name).get() == null;
    } catch (KubernetesClientException forbidden) {
      return false;
    }
  }

  private static String mark(List<Right> rights) {
    return "m" + Integer.toHexString(rights.hashCode());
  }

  private static List<PolicyRule> rules(List<Right> rights, Reach reach) {
    return rights.stream()
        .filter(right -> right.reach() == reach)
        .map(StartCheckTest::rule)
        .toList();
  }
}
