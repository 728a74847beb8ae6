package dev.slipway.endtoend.kubernetes;

import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.FreePort;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.Tasks;
import dev.slipway.engine.kubernetes.testing.KubernetesCluster;
import dev.slipway.engine.kubernetes.testing.TestNamespace;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A server whose tasks are pods in a namespace of its own, for all tests of a class. After each,
/// all apps are destroyed, and nobody must have seen that a task ran twice.
public final class PodServer
    implements ExecutionCondition, BeforeAllCallback, AfterEachCallback, AfterAllCallback {
  private final String name;
  private final TestNamespace namespace;
  private @Nullable RunningServer server;
  private @Nullable PodHistory history;

  PodServer(String name) {
    this.name = "kubernetes-" + name;
    this.namespace = new TestNamespace(name);
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return namespace.evaluateExecutionCondition(context);
  }

  @Override
  public void beforeAll(ExtensionContext context) {
    namespace.beforeAll(context);
    history = new PodHistory(cluster().client(), namespace.name());
    String here = cluster().addressOfThisMachine() + ":" + FreePort.findForLong();
    server =
        RunningServer.startAt(
            here,
            name,
            "--engine=kubernetes",
            "--kubernetes-kubeconfig=" + cluster().kubeconfig(),
            "--kubernetes-namespace=" + namespace.name(),
            "--kubernetes-image=" + SlipwayImage.name(),
            "--kubernetes-fixed-ports=19000-24999",
            "--kubernetes-ports=25000-29999",
            "--kubernetes-usage=insecure",
            "--kubernetes-server=http://" + here);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    if (context.getExecutionException().isPresent()) {
      get().showLog();
    }
    get().destroyAll();
    pods().assertNothingRanTwice();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    try (PodHistory watched = history) {
      if (server != null) {
        server.close();
      }
      if (watched != null) {
        watched.assertNothingRanTwice();
      }
    } finally {
      namespace.afterAll(context);
    }
  }

  RunningServer get() {
    if (server == null) {
      throw new IllegalStateException("no server runs outside of tests");
    }
    return server;
  }

  PodHistory pods() {
    if (history == null) {
      throw new IllegalStateException("nobody watches outside of tests");
    }
    return history;
  }

  KubernetesCluster cluster() {
    return namespace.cluster();
  }

  String namespace() {
    return namespace.name();
  }

  /// A web server of a shell and `httpd` that answers its version. Told to end, it goes on for a
  /// second, as a polite one does while the news spreads.
  public static App web(String id, String version) {
    String line =
        "mkdir -p www; printf %s \"$VERSION\" >www/index.html; httpd -f -p \"$PORT0\" -h www & "
            + "trap 'sleep 1; kill $!; exit 0' TERM; wait";
    return App.running(id, line)
        .with("env", Map.of("VERSION", version))
        .with("portDefinitions", List.of(Map.of("port", 0, "name", "http")))
        .with("healthChecks", List.of(App.httpCheck()));
  }

  /// Where this machine reaches a task's first port: at its node.
  URI address(Tasks.Task task) {
    return URI.create("http://" + cluster().address(task.node()) + ":" + task.ports().getFirst());
  }

  /// Waits until so many instances of an app run, of which none is healthy if it has no checks.
  void awaitRunning(String app, int count) {
    Eventually.so(count + " of " + app + " run", () -> get().tasks(app).running().size() == count);
  }

  /// Waits until so many pods of an app run, and that of one task no more.
  void awaitReplaced(String app, int count, String task) {
    Eventually.so(
        "another one runs for " + task,
        () -> {
          var running = pods().running(app).keySet();
          return running.size() == count && !running.contains(task);
        });
  }

  /// The state of an app's task on a node, as Marathon's API tells it; empty if none is there.
  String stateOn(String app, String node) {
    return get().tasks(app).all().stream()
        .filter(task -> task.node().equals(node))
        .map(Tasks.Task::state)
        .findFirst()
        .orElse("");
  }

  /// How an app's last failure is told.
  String lastFailure(String app) {
    return get().client().json("/api/v1/apps" + app + "/explain").path("lastFailure").toString();
  }
}
