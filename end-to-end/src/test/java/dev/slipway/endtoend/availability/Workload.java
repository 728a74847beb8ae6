package dev.slipway.endtoend.availability;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.endtoend.harness.Answer;
import dev.slipway.endtoend.harness.App;
import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.Tasks;
import dev.slipway.endtoend.kubernetes.PodHistory;
import dev.slipway.endtoend.kubernetes.PodServer;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;

/// What runs while something fails: an app that nobody touches, and one that is replaced by its
/// next version in steps.
final class Workload {
  static final String BYSTANDER = "/bystander";
  private static final String WEB = "/web";
  private static final int BYSTANDERS = 3;
  private static final int INSTANCES = 4;

  /// How long the instances on a node that is silent are waited for.
  static final Duration PATIENCE = Duration.ofSeconds(12);

  private static final Map<String, Long> STRATEGY =
      Map.of(
          "inactiveAfterSeconds",
          PATIENCE.toSeconds() - 5,
          "expungeAfterSeconds",
          PATIENCE.toSeconds());

  private final Servers servers;
  private final Map<String, PodHistory.Seen> bystanders;
  private int version = 1;

  Workload(Servers servers) {
    this.servers = servers;
    create(
        App.sleeping(BYSTANDER)
            .with("instances", BYSTANDERS)
            .with("unreachableStrategy", STRATEGY));
    create(web());
    this.bystanders = servers.pods().running(BYSTANDER);
    assertThat(bystanders).hasSize(BYSTANDERS);
  }

  private App web() {
    return PodServer.web(WEB, Integer.toString(version))
        .with("instances", INSTANCES)
        .with("unreachableStrategy", STRATEGY)
        .with("upgradeStrategy", Map.of("minimumHealthCapacity", 0.5, "maximumOverCapacity", 0.5));
  }

  private void create(App app) {
    awaitSuccess(put(app));
  }

  /// Asks until it is accepted; the deployment's id. A second time it would change nothing.
  private String put(App app) {
    var deployment = new AtomicReference<>("");
    Eventually.soDespiteSilence(
        app.id() + " is accepted",
        () -> {
          Answer answer = servers.client().put("/v2/apps" + app.id(), app);
          assertThat(answer.status()).as(answer.body()).isIn(200, 201, 502, 503);
          if (answer.isGood()) {
            deployment.set(answer.deployment());
          }
          return answer.isGood();
        });
    return Objects.requireNonNull(deployment.get());
  }

  /// Waits until a deployment has succeeded, whoever leads meanwhile.
  private void awaitSuccess(String deployment) {
    Eventually.soDespiteSilence(
        "deployment " + deployment + " ends", () -> hasSucceeded(deployment));
  }

  private boolean hasSucceeded(String deployment) {
    Answer answer = servers.client().get("/api/v1/deployments/" + deployment);
    if (answer.status() == 404) {
      // It has ended, and so many others have since that it is forgotten.
      return true;
    }
    String state = answer.isGood() ? answer.json().path("state").asString() : "running";
    assertThat(state).isIn("running", "succeeded");
    return state.equals("succeeded");
  }

  /// How many pods there ever were, of both apps.
  int pods() {
    return servers.pods().of(BYSTANDER).size() + servers.pods().of(WEB).size();
  }

  /// Nobody has touched the app that nobody should touch: same pods, same containers.
  void assertBystandersUntouched() {
    assertThat(servers.pods().running(BYSTANDER)).isEqualTo(bystanders);
  }

  /// A deployment that has begun.
  ///
  /// @param begunBefore how many pods the app had ever before
  record Rolling(Workload workload, String deployment, int begunBefore) {
    boolean hasEnded() {
      return workload.hasSucceeded(deployment);
    }

    /// Nothing has been started or ended since its end.
    void assertStillWhole() {
      workload.assertWholeAfter(begunBefore);
    }

    /// Waits until the deployment has succeeded. Each instance was replaced once, and nothing else
    /// was started.
    void awaitEnd() {
      workload.awaitSuccess(deployment);
      workload.assertWholeAfter(begunBefore);
    }

    /// The same where the record of some instances was lost: they run on beside the others, and are
    /// told as strays.
    void awaitEndBesideStrays() {
      workload.awaitSuccess(deployment);
      workload.assertWholeBesideStrays();
    }
  }

  private void assertWholeBesideStrays() {
    awaitWhole();
    var strays = new TreeSet<>(servers.pods().running(WEB).keySet());
    strays.removeAll(servers.tasks(WEB).ids());
    servers.assertToldAsStrays(strays);
    servers.pods().assertNothingRanTwice();
    assertBystandersUntouched();
  }

  private void awaitWhole() {
    Eventually.so(
        "all instances are healthy and the old ones gone",
        () -> {
          Tasks tasks = servers.tasks(WEB);
          return tasks.healthy().size() == INSTANCES && tasks.all().size() == INSTANCES;
        });
  }

  private void assertWholeAfter(int begunBefore) {
    awaitWhole();
    assertThat(servers.pods().begun(WEB)).hasSize(begunBefore + INSTANCES);
    servers.pods().assertNothingRanTwice();
    assertBystandersUntouched();
  }

  /// Begins to replace all instances; returns once the first new one runs.
  Rolling roll() {
    int before = servers.pods().begun(WEB).size();
    version++;
    String deployment = put(web());
    Eventually.so(
        "the first new instance has begun", () -> servers.pods().begun(WEB).size() > before);
    return new Rolling(this, deployment, before);
  }
}
