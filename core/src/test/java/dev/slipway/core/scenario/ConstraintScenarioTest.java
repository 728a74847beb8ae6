package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.MesosFields;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.LaunchRequest;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.FunnelRow;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.placement.Reason;
import dev.slipway.core.placement.Survey;
import dev.slipway.core.state.Event;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What apps ask of nodes, and what becomes of their instances when they ask for something else.
class ConstraintScenarioTest {
  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder web = app("/web", 3).withHealthCheck();

  @Test
  void onlyInstancesThatViolateAChangedConstraintAreReplaced() {
    story.given(web);
    InstanceId first = on("n1");
    InstanceId second = on("n2");
    InstanceId third = on("n3");
    story.promise("all stay ready", () -> story.ready("/web") >= 3);

    story.given(web.constrained("rack", Operator.UNLIKE, "r3"));

    assertThat(ids()).contains(first, second).doesNotContain(third).hasSize(3);
    assertThat(story.instances("/web")).noneMatch(one -> stands(one, "n3"));
    assertThat(story.events(Event.KillOrdered.class))
        .extracting(order -> order.kill().reason())
        .containsExactly(KillReason.REPLACED);
  }

  @Test
  void ofSeveralInOneGroupTheOldestStay() {
    var narrow = Scenario.onNodes(1);
    narrow.given(web);
    narrow.engine().offer(Scenario.node(2, Resources.of(4, 4096, 4096, 0)));
    narrow.engine().offer(Scenario.node(3, Resources.of(4, 4096, 4096, 0)));
    InstanceId oldest =
        narrow.instances("/web").stream()
            .min(Comparator.comparing(Instance::scheduledAt).thenComparing(Instance::id))
            .orElseThrow()
            .id();

    narrow.given(web.constrained("hostname", Operator.UNIQUE, ""));

    assertThat(narrow.instances("/web")).extracting(Instance::id).contains(oldest).hasSize(3);
    assertThat(spread(narrow)).isEqualTo(Map.of("n1", 1, "n2", 1, "n3", 1));
    assertThat(narrow.events(Event.KillOrdered.class)).hasSize(2);
  }

  @Test
  void groupsAreMadeEvenWithAsFewMovesAsCanBe() {
    var narrow = Scenario.onNodes(1);
    narrow.given(web.times(4));
    narrow.engine().offer(Scenario.node(2, Resources.of(4, 4096, 4096, 0)));
    narrow.pass(Duration.ofSeconds(1));

    narrow.given(web.times(4).constrained("rack", Operator.GROUP_BY, ""));

    assertThat(spread(narrow)).isEqualTo(Map.of("n1", 2, "n2", 2));
    assertThat(narrow.events(Event.KillOrdered.class)).hasSize(2);
  }

  @Test
  void nothingMovesWhenAllMeetTheChangedConstraint() {
    story.given(web);
    var before = ids();

    story.given(
        web.constrained("rack", Operator.LIKE, "r[0-9]")
            .constrained("rack", Operator.MAX_PER, "1"));
    story.given(web.constrained("rack", Operator.GROUP_BY, "3"));

    assertThat(ids()).isEqualTo(before);
  }

  @Test
  void anInstanceThatNoNodeTakesUnderTheChangedConstraintStaysUntilOneDoes() {
    story.given(web);
    var before = ids();

    story.when(web.constrained("rack", Operator.IS, "r9").put());
    story.pass(Duration.ofMinutes(10));

    assertThat(ids()).containsAll(before);
    assertThat(story.ready("/web")).isEqualTo(3);
    story.engine().offer(Scenario.node(9, Resources.of(4, 4096, 4096, 0)));
    story.eventually("all are there", () -> spread(story).equals(Map.of("n9", 3)));
  }

  @Test
  void groupsStayEvenWhenFewerAreWanted() {
    var grouped = app("/web", 7).constrained("rack", Operator.GROUP_BY, "");
    story.given(grouped);
    assertThat(spread(story).values()).containsExactlyInAnyOrder(3, 2, 2);

    story.given(grouped.times(6));
    assertThat(spread(story).values()).containsOnly(2);
    story.given(grouped.times(4));
    assertThat(spread(story).values()).containsExactlyInAnyOrder(2, 1, 1);
    story.given(grouped.times(3));
    assertThat(spread(story).values()).containsOnly(1);
  }

  @Test
  void whatIsPreferredIsMetWhereItCanBe() {
    var preferred = app("/web", 2).requesting(2, 32).preferring("rack", Operator.IS, "r2", 50);
    story.given(preferred);
    assertThat(spread(story)).isEqualTo(Map.of("n2", 2));

    story.given(preferred.times(3));
    assertThat(spread(story)).containsEntry("n2", 2).hasSize(2);
  }

  @Test
  void moreWeightIsPreferredToMorePreferences() {
    story.given(
        app("/web", 1)
            .preferring("rack", Operator.UNLIKE, "r3", 10)
            .preferring("rack", Operator.UNLIKE, "r3|r1", 10)
            .preferring("rack", Operator.IS, "r3", 50));
    assertThat(spread(story)).isEqualTo(Map.of("n3", 1));
    assertThat(verdict("n1").detail())
        .endsWith(
            "; meets 10 of 70 preferred, not rack UNLIKE r3|r1: 'r1' matches; rack IS r3: it is"
                + " 'r1'");
    assertThat(verdict("n3").detail()).contains("; meets 50 of 70 preferred");
  }

  @Test
  void anAppThatNoNodeCanRunIsAcceptedAndWaitsWithThatReason() {
    var image =
        new Container.Image("nginx", false, false, List.of(), Optional.empty(), Optional.empty());
    var docker =
        new Container(
            Container.Kind.DOCKER, Optional.of(image), List.of(), List.of(), Optional.empty());
    var boxed = app("/web", 1).with(app -> app.container(Optional.of(docker)));

    story.when(boxed.put());
    story.pass(Duration.ofMinutes(1));

    assertThat(verdict("n1"))
        .isEqualTo(
            new NodeVerdict(
                new NodeId("n1"), Reason.MISSING_FEATURE, "n1 runs no containers from images"));
    assertThat(FunnelRow.of(Survey.of(verdicts())).get(1))
        .isEqualTo(new FunnelRow("UnfulfilledConstraint", 3, 3));

    Node able = Scenario.node(4, Resources.of(4, 4096, 4096, 0));
    story
        .engine()
        .offer(
            new Node(
                able.id(),
                able.hostname(),
                able.address(),
                able.capacity(),
                able.dynamicPorts(),
                able.fixedPorts(),
                able.attributes(),
                new TreeSet<>(List.of(NodeFeature.IMAGES))));
    story.eventually("it runs where it can", () -> spread(story).equals(Map.of("n4", 1)));
  }

  @Test
  void anAppThatTakesNoUnreservedResourcesWaits() {
    var picky =
        new MesosFields(Optional.empty(), Optional.empty(), Optional.of("prod"), List.of("prod"));
    story.when(app("/web", 1).with(app -> app.mesos(picky)).put());
    story.pass(Duration.ofMinutes(1));

    assertThat(verdict("n1").reason()).isEqualTo(Reason.UNFULFILLED_ROLE);
    assertThat(verdict("n1").detail()).isEqualTo("its resources have the role '*', not prod");
    assertThat(FunnelRow.of(Survey.of(verdicts())).getFirst())
        .isEqualTo(new FunnelRow("UnfulfilledRole", 3, 3));

    var either =
        new MesosFields(
            Optional.empty(), Optional.empty(), Optional.of("prod"), List.of("prod", "*"));
    story.when(app("/web", 1).with(app -> app.mesos(either)).force());
    story.eventually("it runs", () -> story.running("/web") == 1);
  }

  @Test
  void aNodeThatJoinsMovesNothingWithoutADeployment() {
    var two = Scenario.onNodes(2);
    two.given(app("/web", 6));
    two.given(app("/web", 6).constrained("rack", Operator.GROUP_BY, ""));
    var before = two.engine().alive();

    two.engine().offer(Scenario.node(3, Resources.of(4, 4096, 4096, 0)));
    two.pass(Duration.ofMinutes(5));
    two.engine().exit(before.getFirst(), 1);
    two.pass(Duration.ofMinutes(5));

    assertThat(two.events(Event.KillOrdered.class)).isEmpty();
    assertThat(two.engine().alive()).hasSize(6).containsAll(before.subList(1, 6));
    two.given(app("/web", 6).constrained("rack", Operator.GROUP_BY, "3"));
    assertThat(spread(two)).containsValues(2, 2, 2).hasSize(3);
  }

  private List<NodeVerdict> verdicts() {
    var spec = story.state().root().apps().values().iterator().next().spec();
    return Placement.explain(
        story.state().nodes(), LaunchRequest.of(story.state(), spec), List.of());
  }

  private NodeVerdict verdict(String node) {
    return verdicts().stream()
        .filter(verdict -> verdict.node().value().equals(node))
        .findFirst()
        .orElseThrow();
  }

  private List<InstanceId> ids() {
    return story.instances("/web").stream().map(Instance::id).toList();
  }

  private InstanceId on(String node) {
    return story.instances("/web").stream()
        .filter(one -> stands(one, node))
        .findFirst()
        .orElseThrow()
        .id();
  }

  private static boolean stands(Instance instance, String node) {
    return instance.place().filter(place -> place.node().value().equals(node)).isPresent();
  }

  private static Map<String, Integer> spread(Scenario story) {
    return story.instances("/web").stream()
        .flatMap(instance -> instance.place().stream())
        .collect(
            Collectors.toMap(
                place -> place.node().value(), place -> 1, Integer::sum, TreeMap::new));
  }
}
