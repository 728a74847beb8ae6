package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static dev.slipway.core.scenario.GroupBuilder.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.scenario.Scenario.Fate;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// The server dies while it takes each single input of a story: before anything of it is durable,
/// when all of it is durable and no order was given, and in between. A client that got no answer
/// asks again. The story ends as if nothing had happened.
class RestartScenarioTest {
  private static final AppBuilder WEB =
      app("/web", 3).withHealthCheck().version("1").withPort(0, false);

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("storiesAndFates")
  void comesToItsEndWhereverTheServerDies(String name, Fate fate, Consumer<Scenario> tale) {
    int inputs = told(tale, Integer.MAX_VALUE, fate);
    assertThat(inputs).isGreaterThan(5);
    for (int fatal = 0; fatal < inputs; fatal++) {
      told(tale, fatal, fate);
    }
  }

  static Stream<Arguments> storiesAndFates() {
    Map<String, Consumer<Scenario>> stories = new TreeMap<>();
    stories.put("create", RestartScenarioTest::create);
    stories.put("scale", RestartScenarioTest::scale);
    stories.put("update", RestartScenarioTest::update);
    stories.put("rollback", RestartScenarioTest::rollBack);
    stories.put("delete", RestartScenarioTest::delete);
    stories.put("drain", RestartScenarioTest::drain);
    return stories.entrySet().stream()
        .flatMap(
            story ->
                Stream.of(
                        Fate.DIES_BEFORE_RECORDING, Fate.DIES_BEFORE_ACTING, Fate.DIES_WHILE_ACTING)
                    .map(fate -> Arguments.of(story.getKey(), fate, story.getValue())));
  }

  /// Tells the story with a death at one input; gives how many inputs there were.
  private static int told(Consumer<Scenario> tale, int fatal, Fate fate) {
    var story = Scenario.onNodes(2);
    int[] inputs = {0};
    story.fates(() -> inputs[0]++ == fatal ? fate : Fate.LIVES);
    tale.accept(story);
    int counted = inputs[0];
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
    story.pass(Duration.ofMinutes(2));
    List<TaskId> standing = new ArrayList<>();
    story
        .state()
        .instances()
        .values()
        .forEach(all -> all.values().forEach(instance -> standing.add(instance.id().task())));
    assertThat(story.engine().alive()).as("death at %d", fatal).isEqualTo(standing);
    assertThat(story.strays()).isEmpty();
    assertThat(Evolution.applyAll(State.EMPTY, story.journal())).isEqualTo(story.state());
    return counted;
  }

  private static void create(Scenario story) {
    story.insist(
        group("/pair")
            .with(app("/pair/db", 1).withHealthCheck(), app("/pair/web", 2).dependingOn("/pair/db"))
            .put());
    over(story);
    assertThat(story.ready("/pair/web")).isEqualTo(2);
    assertThat(story.ready("/pair/db")).isEqualTo(1);
  }

  private static void scale(Scenario story) {
    given(story);
    var before = story.engine().alive();
    story.insist(WEB.times(5).put());
    over(story);
    assertThat(story.engine().alive()).hasSize(5).containsAll(before);
    story.insist(WEB.times(1).put());
    over(story);
    assertThat(story.ready("/web")).isEqualTo(1);
    assertThat(before).contains(story.engine().alive().getFirst());
  }

  private static void update(Scenario story) {
    given(story);
    story.promise("all stay ready", () -> story.ready("/web") >= 3);
    story.insist(WEB.version("2").put());
    over(story);
    assertThat(story.ready("/web", "V", "2")).isEqualTo(3);
    assertThat(story.instances("/web")).hasSize(3);
    assertThat(story.engine().starts()).hasSize(6);
  }

  private static void rollBack(Scenario story) {
    given(story);
    var before = story.engine().alive();
    story.promise("the old ones stay", () -> story.ready("/web", "V", "1") >= 3);
    Reply reply = story.insist(WEB.running("mute").version("2").put());
    story.eventually("the new ones run", () -> story.running("/web") == 6);
    var update = story.state().deployments().keys().iterator().next();
    story.insist(new Input.CancelDeployment(update, false));
    over(story);
    assertThat(reply).isInstanceOf(Reply.Deploying.class);
    assertThat(story.engine().alive()).isEqualTo(before);
  }

  private static void delete(Scenario story) {
    given(story);
    story.insist(new Input.RemoveApp(PathId.of("/web"), false));
    over(story);
    assertThat(story.engine().alive()).isEmpty();
    assertThat(story.state().formations().isEmpty()).isTrue();
  }

  private static void drain(Scenario story) {
    given(story);
    var node = new NodeId("n1");
    story.promise("all stay ready", () -> story.ready("/web") >= 3);
    story.insist(new Input.DrainNode(node, true));
    story.eventually(
        "the node is empty", () -> story.state().node(node).orElseThrow().instances().isEmpty());
    assertThat(story.ready("/web")).isEqualTo(3);
  }

  private static void given(Scenario story) {
    story.insist(WEB.put());
    over(story);
    assertThat(story.ready("/web")).isEqualTo(3);
  }

  private static void over(Scenario story) {
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
  }

  @Test
  void launchesAgainWhatWasOrderedByALostOrderUnderTheSameId() {
    var story = Scenario.onNodes(1);
    story.engine().deaf(true);
    story.when(app("/web", 2).put());
    var ids = story.instances("/web").stream().map(Instance::id).toList();
    story.engine().deaf(false);

    story.restart();

    story.eventually("both run", () -> story.running("/web") == 2);
    assertThat(story.instances("/web").stream().map(Instance::id)).containsExactlyElementsOf(ids);
  }

  @Test
  void launchesAgainHoweverOftenTheAppWasChangedSince() {
    var story = Scenario.onNodes(1);
    story.engine().deaf(true);
    story.when(app("/web", 1).put());
    for (int i = 0; i < State.MAX_VERSIONS + 5; i++) {
      story.when(app("/web", 1).backingOff(1, 1, 60 + i).force());
    }
    story.engine().deaf(false);

    story.eventually("it runs", () -> story.running("/web") == 1);
    assertThat(story.failures("/web")).isZero();
  }

  @Test
  void givesNothingAwayWhileAnOrderToLaunchMayBeOnItsWay() {
    var story = Scenario.onNodes(1);
    story.engine().deaf(true);
    story.when(app("/web", 1).withPort(8080, true).put());
    story.when(new Input.RemoveApp(PathId.of("/web"), true));

    story.picture();

    var node = story.state().node(new NodeId("n1")).orElseThrow().node();
    assertThat(story.state().nodes().portsOf(node).containsKey(8080)).isTrue();
    story.engine().deaf(false);
    story.eventually("it is over", () -> story.state().instances().isEmpty());
    assertThat(story.engine().starts()).isEmpty();
  }

  @Test
  void takesEachLeadershipOnce() {
    var story = Scenario.onNodes(1);
    story.given(app("/web", 1));
    int events = story.journal().size();

    story.when(new Input.TakeLeadership(new Epoch(1), "another"));
    story.when(new Input.TakeLeadership(new Epoch(0), "another"));

    assertThat(story.journal()).hasSize(events);
    assertThat(story.state().platform().id()).isEqualTo("test");
  }

  @Test
  void goesOnFromEveryPrefixOfTheJournal() {
    var story = Scenario.onNodes(2);
    update(story);
    List<Event> journal = story.journal();
    State state = State.EMPTY;
    for (int i = 0; i < journal.size(); i++) {
      State prefix = state;
      var next =
          Decider.decide(prefix, new Input.TakeLeadership(new Epoch(99), "test"), story.now());
      assertThat(Evolution.applyAll(prefix, next.events())).isEqualTo(next.after());
      state = Evolution.apply(state, journal.get(i));
    }
    assertThat(state).isEqualTo(story.state());
  }
}
