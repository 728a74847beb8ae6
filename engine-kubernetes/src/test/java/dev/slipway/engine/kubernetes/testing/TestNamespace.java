package dev.slipway.engine.kubernetes.testing;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A namespace for the tests of a class, deleted after them with all that is in it. Without a
/// cluster the class is skipped:
///
///     @RegisterExtension static final TestNamespace NAMESPACE = new TestNamespace("contract");
public final class TestNamespace
    implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {
  /// A label of all namespaces of tests.
  public static final Map<String, String> LABEL = Map.of("slipway.dev/test", "true");

  private final String prefix;
  private @Nullable String name;

  /// @param prefix how its name begins: letters, digits and dashes
  public TestNamespace(String prefix) {
    this.prefix = "slipway-" + prefix.toLowerCase(Locale.ROOT) + "-";
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return KubernetesCluster.find().isPresent()
        ? ConditionEvaluationResult.enabled("a cluster is there")
        : ConditionEvaluationResult.disabled(KubernetesCluster.reason());
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    String made = prefix + UUID.randomUUID().toString().substring(0, 8);
    var namespace =
        new NamespaceBuilder().withNewMetadata().withName(made).withLabels(LABEL).endMetadata();
    client().resource(namespace.build()).create();
    name = made;
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (name != null) {
      client().namespaces().withName(name).delete();
    }
  }

  public String name() {
    if (name == null) {
      throw new IllegalStateException("no namespace is there outside of tests");
    }
    return name;
  }

  public KubernetesCluster cluster() {
    return KubernetesCluster.get();
  }

  public KubernetesClient client() {
    return cluster().client();
  }

  /// All pods in it, also those that have ended.
  public List<Pod> pods() {
    return client().pods().inNamespace(name()).list().getItems();
  }
}
