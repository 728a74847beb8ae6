package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.RestartPolicy;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.placement.Reason;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.Backoff;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// What Marathon's users suffered from, each as the story that they told, and how it ends here. The
/// numbers are those of docs/marathon.md, "Pains"; each has more tests where its part is tested.
class MarathonPainsTest {
  private static final PathId WEB = PathId.of("/web");
  private static final NodeId N1 = new NodeId("n1");
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder web = app("/web", 4).withHealthCheck().version("1");

  @Test
  @DisplayName("1: deployments stuck for ever with no tasks queued")
  void deploymentsStuckForEver() {
    story.when(web.put());
    story.engine().deaf(true);
    story.pass(Duration.ofSeconds(10));
    story.restart();
    story.engine().deaf(false);

    settled();
    assertThat(story.ready("/web")).isEqualTo(4);
  }

  @Test
  @DisplayName("2: a deployment can never fail")
  void deploymentsThatCannotFail() {
    story.given(web);
    Reply update = story.when(failing(Rollout.OnFailure.ROLLBACK).put());

    settled();
    assertThat(outcome(update)).contains(Deployment.Outcome.FAILED);
    assertThat(story.ready("/web", "V", "1")).isEqualTo(4);
  }

  @Test
  @DisplayName("3: rollback takes healthy old tasks down")
  void rollbackIsDangerous() {
    story.given(web.upgrading(1, 0.25));
    Set<InstanceId> before = ids();
    Reply update = story.when(web.upgrading(1, 0.25).version("2").running("mute").put());
    story.pass(Duration.ofMinutes(1));
    story.promise("all four serve", () -> story.ready("/web") >= 4);

    story.when(new Input.CancelDeployment(id(update), false));

    settled();
    assertThat(ids()).isEqualTo(before);
  }

  @Test
  @DisplayName("4: locked apps, and nobody says by what")
  void lockedApps() {
    Reply first = story.when(web.running("slow").put());

    Reply refused = story.when(web.version("2").put());
    assertThat(refused)
        .isInstanceOfSatisfying(
            Reply.Locked.class,
            locked -> {
              assertThat(locked.deployments()).containsExactly(id(first));
              assertThat(locked.apps()).containsExactly(WEB);
            });
    assertThat(story.when(app("/web-of-others", 1).put())).isInstanceOf(Reply.Deploying.class);
    story.when(web.version("2").queued());
    settled();
    assertThat(story.ready("/web", "V", "2")).isEqualTo(4);
  }

  @Test
  @DisplayName("5: a changed label restarts everything")
  void needlessRestarts() {
    story.given(web);
    Set<InstanceId> before = ids();

    story.given(web.labelled("team", "b").upgrading(0.5, 0.5).backingOff(2, 2, 60));

    assertThat(ids()).isEqualTo(before);
    assertThat(story.events(Event.KillOrdered.class)).isEmpty();
  }

  @Test
  @DisplayName("6: what is stored grows with everything there is")
  void storedPlansGrow() {
    for (int i = 0; i < 50; i++) {
      story.given(app("/many/app-" + i, 0));
    }
    int before = story.journal().size();

    story.given(app("/many/app-7", 0).version("2"));

    var changes =
        story.journal().subList(before, story.journal().size()).stream()
            .filter(Event.RootChanged.class::isInstance)
            .map(Event.RootChanged.class::cast)
            .toList();
    assertThat(changes).singleElement().satisfies(one -> assertThat(one.apps()).hasSize(1));
  }

  @Test
  @DisplayName("9: GROUP_BY is uneven and stalls when a host is full")
  void surprisingGroupBy() {
    story.given(app("/fills", 1).requesting(3.9, 32).constrained("hostname", Operator.LIKE, "n1"));

    story.given(app("/web", 4).requesting(0.5, 32).constrained("rack", Operator.GROUP_BY, "3"));

    Map<String, Long> byNode =
        story.instances("/web").stream()
            .collect(
                Collectors.groupingBy(
                    one -> one.place().orElseThrow().node().value(), Collectors.counting()));
    assertThat(byNode).containsOnly(Map.entry("n2", 2L), Map.entry("n3", 2L));
  }

  @Test
  @DisplayName("10: no soft constraints")
  void noSoftConstraints() {
    story.given(app("/web", 3).preferring("hostname", Operator.LIKE, "n2", 10));

    assertThat(story.instances("/web"))
        .extracting(one -> one.place().orElseThrow().node().value())
        .containsOnly("n2");
  }

  @Test
  @DisplayName("11: waiting without a reason")
  void waitingWithoutReason() {
    story.when(app("/big", 1).requesting(5, 32).put());

    var request = Request.of(app("/big", 1).requesting(5, 32).spec(), 0);
    List<NodeVerdict> verdicts = Placement.explain(story.state().nodes(), request, List.of());
    assertThat(verdicts)
        .hasSize(3)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.reason()).isEqualTo(Reason.INSUFFICIENT_CPUS);
              assertThat(verdict.detail()).contains("cpus").contains("4").contains("5");
            });
    assertThat(Placement.nearestFit(story.state().nodes(), request, List.of()))
        .hasValueSatisfying(advice -> assertThat(advice).contains("lacks cpus 1"));
  }

  @Test
  @DisplayName("12: health checks kill what is merely starting")
  void healthChecksKillGoodTasks() {
    story.given(web.running("slow"));

    assertThat(story.events(Event.KillOrdered.class)).isEmpty();
    assertThat(story.ready("/web")).isEqualTo(4);
  }

  @Test
  @DisplayName("14: ghost tasks after the loss of a node")
  void ghostTasks() {
    var patient = web.waitingFor(Duration.ofMinutes(1), Duration.ofMinutes(5));
    story.given(patient);
    story.engine().silence(N1, true);

    // Marathon's deployments waited for lost tasks to be killed.
    story.given(patient.version("2"));

    assertThat(story.ready("/web", "V", "2")).isEqualTo(4);
    story.engine().silence(N1, false);
    story.eventually("no ghost lives", () -> story.engine().alive().size() == 4);
  }

  @Test
  @DisplayName("15: lost tasks run twice or are killed on return")
  void lostTasks() {
    story.given(web);
    Set<InstanceId> before = ids();
    story.engine().silence(N1, true);
    story.pass(Duration.ofDays(1));
    assertThat(story.instances("/web")).hasSize(4);

    story.engine().silence(N1, false);
    story.pass(Duration.ofMinutes(1));

    assertThat(ids()).isEqualTo(before);
    assertThat(story.ready("/web")).isEqualTo(4);
  }

  @Test
  @DisplayName("16: persistent volumes lost with a task, or on the wrong node")
  void lostVolumes() {
    var db = app("/db", 2).withVolume("data", 100);
    story.given(db);
    Map<String, String> before = volumes();
    story.engine().exit(story.engine().alive().getFirst(), 1);
    story.eventually("both are back", () -> story.ready("/db") == 2);
    assertThat(volumes()).isEqualTo(before);

    story.engine().silence(N1, true);
    story.pass(Duration.ofDays(2));
    story.engine().silence(N1, false);
    story.when(new Input.RemoveApp(db.id(), false));
    settled();

    assertThat(volumes()).as("kept also when their app is removed").isEqualTo(before);
  }

  @Test
  @DisplayName("18: backoff grows for ever and is not reset")
  void wrongBackoff() {
    story.given(web.backingOff(1, 2, 8));
    story.when(web.backingOff(1, 2, 8).version("2").running("crash").force());
    story.pass(Duration.ofMinutes(5));
    assertThat(story.state().backoffs().get(WEB))
        .extracting(Backoff::delay)
        .isEqualTo(Duration.ofSeconds(8));

    story.when(web.backingOff(1, 2, 8).version("3").force());
    story.eventually("the new version starts at once", () -> story.ready("/web", "V", "3") > 0);
  }

  @Test
  @DisplayName("19: more instances than wanted")
  void overScaling() {
    story.promise("never more than 30 and one", () -> story.engine().alive().size() <= 31);
    story.engine().deaf(true);
    var crashing = app("/web", 30).upgrading(1, 0).running("crash").backingOff(1, 1, 1);
    story.when(crashing.put());
    story.pass(Duration.ofMinutes(1));
    story.engine().deaf(false);
    story.restart();

    story.when(crashing.running("run").force());
    settled();
    assertThat(story.running("/web")).isEqualTo(30);
  }

  @Test
  @DisplayName("20: an update that can never begin, for lack of capacity")
  void capacityDeadlocks() {
    story.given(web.upgrading(1, 0));

    story.given(web.times(3).version("2").upgrading(1, 0));

    assertThat(story.ready("/web", "V", "2")).isEqualTo(3);
  }

  @Test
  @DisplayName("21: dependencies that nobody checks")
  void weakDependencies() {
    assertThat(story.when(app("/a", 1).dependingOn("/nowhere").put()))
        .isInstanceOf(Reply.Invalid.class);
    story.when(app("/db", 1).withHealthCheck().running("slow").put());

    story.when(app("/a", 1).dependingOn("/db").put());

    story.promise(
        "it starts when what it needs is ready",
        () -> story.running("/a") == 0 || story.ready("/db") == 1);
    settled();
    assertThat(story.running("/a")).isEqualTo(1);
  }

  @Test
  @DisplayName("22: no tasks that run once")
  void noRunOnceTasks() {
    var job = app("/job", 1).running("finish").with(a -> a.restartPolicy(RestartPolicy.NEVER));
    story.given(job);
    story.pass(Duration.ofHours(1));

    assertThat(story.events(Event.InstancePlaced.class)).hasSize(1);
    assertThat(story.state().deployments().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("24: no priorities")
  void noPriorities() {
    story.given(app("/batch", 12).requesting(1, 32).upgrading(0, 0).priority(-10));
    story.given(web.requesting(2, 32));

    assertThat(story.ready("/web")).isEqualTo(4);
    assertThat(story.running("/batch")).isEqualTo(4);
    assertThat(story.failures("/batch")).isZero();
  }

  @Test
  @DisplayName("25: no drain")
  void noDrain() {
    story.given(web);
    story.promise("all four serve", () -> story.ready("/web") >= 4);

    story.when(new Input.DrainNode(N1, true));

    story.eventually("the node is empty", () -> on(N1).isEmpty());
  }

  private AppBuilder failing(Rollout.OnFailure then) {
    return web.version("2")
        .running("mute")
        .with(
            one ->
                one.rollout(
                    new Rollout(Optional.empty(), Optional.of(Duration.ofSeconds(60)), then)));
  }

  private List<Instance> on(NodeId node) {
    return story.instances("/web").stream()
        .filter(one -> one.place().filter(place -> place.node().equals(node)).isPresent())
        .filter(one -> one.condition() != Condition.KILLING)
        .toList();
  }

  private Map<String, String> volumes() {
    Map<String, String> found = new TreeMap<>();
    story.engine().volumes().forEach((id, node) -> found.put(id.value(), node.value()));
    return found;
  }

  private Set<InstanceId> ids() {
    Set<InstanceId> ids = new TreeSet<>();
    story.instances("/web").forEach(one -> ids.add(one.id()));
    return ids;
  }

  private static DeploymentId id(Reply reply) {
    return ((Reply.Deploying) reply).deployment();
  }

  private Optional<Deployment.Outcome> outcome(Reply reply) {
    return story.state().ended().stream()
        .filter(ended -> ended.deployment().id().equals(id(reply)))
        .map(Deployment.Ended::outcome)
        .findFirst();
  }

  private void settled() {
    story.eventually("no deployment goes on", () -> story.state().deployments().isEmpty());
  }
}
