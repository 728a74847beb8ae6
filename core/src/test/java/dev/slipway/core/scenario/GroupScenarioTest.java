package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static dev.slipway.core.scenario.GroupBuilder.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Problem;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.state.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupScenarioTest {
  private final Scenario story = Scenario.onNodes(3);
  private final GroupBuilder shop =
      group("/shop")
          .with(app("/shop/web", 2).withHealthCheck().dependingOn("/shop/data"))
          .with(
              group("/shop/data")
                  .with(
                      app("/shop/data/db", 1).withHealthCheck(),
                      app("/shop/data/queue", 1).running("slow").withHealthCheck()));

  @Test
  void startsDependentsOnlyWhenAllTheyNeedIsReady() {
    story.promise(
        "the web comes last",
        () ->
            story.instances("/shop/web").isEmpty()
                || (story.ready("/shop/data/db") == 1 && story.ready("/shop/data/queue") == 1));

    story.when(shop.put());

    settled();
    assertThat(story.ready("/shop/web")).isEqualTo(2);
    assertThat(stepsOfLast()).isEqualTo(3);
  }

  @Test
  void stopsWhatNeedsOthersFirst() {
    story.when(shop.put());
    settled();
    story.promise(
        "the data goes last",
        () -> story.instances("/shop/web").isEmpty() || story.ready("/shop/data/db") == 1);
    var before = story.state().root().version();

    story.when(new Input.RemoveGroup(PathId.of("/shop"), false));

    settled();
    assertThat(story.engine().alive()).isEmpty();
    assertThat(story.state().root().groups().size()).isEqualTo(1);
    assertThat(story.state().formations().isEmpty()).isTrue();
    // They are kept for the versions of the root that had them.
    assertThat(story.state().rootAt(before)).isPresent();
  }

  @Test
  void replacesTheWholeListOfAppsAndKeepsWhatIsNotSaid() {
    story.when(shop.put());
    settled();

    story.when(group("/shop").with(app("/shop/admin", 1)).put());

    settled();
    assertThat(appIds()).containsExactly("/shop/admin", "/shop/data/db", "/shop/data/queue");
    assertThat(story.running("/shop/web")).isZero();
    story.when(group("/shop").with(new GroupBuilder[0]).put());
    settled();
    assertThat(appIds()).containsExactly("/shop/admin");
    assertThat(groupIds()).containsExactly("/", "/shop");
  }

  @Test
  void letsAnAppTakeThePlaceOfAGroupAndBack() {
    story.when(shop.put());
    settled();

    story.when(group("/shop").with(app("/shop/data", 1)).with(new GroupBuilder[0]).put());
    settled();
    assertThat(appIds()).containsExactly("/shop/data");

    story.when(shop.put());
    settled();
    assertThat(appIds()).containsExactly("/shop/data/db", "/shop/data/queue", "/shop/web");
    assertThat(story.engine().alive()).hasSize(4);
  }

  @Test
  void multipliesInstancesThroughTheWholeTreeAndRoundsUp() {
    story.when(shop.put());
    settled();
    var before = story.engine().alive();

    story.when(GroupBuilder.scale("/shop", 1.5));

    settled();
    assertThat(story.running("/shop/web")).isEqualTo(3);
    assertThat(story.running("/shop/data/db")).isEqualTo(2);
    assertThat(story.engine().alive()).containsAll(before);
    story.when(GroupBuilder.scale("/shop", 0));
    settled();
    assertThat(story.engine().alive()).isEmpty();
    assertThat(appIds()).hasSize(3);
  }

  @Test
  void scalesAGroupWithoutItsDaemons() {
    story.when(group("/shop").with(app("/shop/web", 1), app("/shop/agent", 1).daemon()).put());
    settled();

    story.when(GroupBuilder.scale("/shop", 3));

    assertThat(story.state().root().appsWithin(PathId.of("/shop")))
        .extracting(app -> app.spec().instances())
        .containsExactly(1, 3);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
  void refusesToScaleByWhatIsNoFactor(double factor) {
    story.when(shop.put());
    settled();
    var before = story.state();

    assertThat(story.when(GroupBuilder.scale("/shop", factor)))
        .isEqualTo(
            new Reply.Invalid(
                List.of(new Problem("/scaleBy", "must be a number that is not negative"))));
    assertThat(story.state()).isEqualTo(before);
  }

  @Test
  void makesGroupsWaitForGroups() {
    var tree =
        group("/")
            .with(
                group("/front").dependingOn("/back").with(app("/front/web", 1)),
                group("/back").with(app("/back/api", 1).withHealthCheck()));
    story.promise(
        "the front comes last",
        () -> story.instances("/front/web").isEmpty() || story.ready("/back/api") == 1);

    story.when(tree.put());

    settled();
    assertThat(story.running("/front/web")).isEqualTo(1);
  }

  @Test
  void refusesCyclesAlsoBetweenGroups() {
    story.when(group("/a").with(app("/a/x", 1)).dependingOn("/b").lenient());
    settled();
    var before = story.state();

    Reply reply = story.when(group("/b").with(app("/b/y", 1)).dependingOn("/a").put());

    assertThat(reply)
        .isEqualTo(Reply.Invalid.of("/dependencies", "Dependency graph has cyclic dependencies."));
    assertThat(story.state()).isEqualTo(before);
  }

  @Test
  void refusesDependenciesThatDoNotExistUnlessTheyAreAllowed() {
    var web = app("/web", 1).dependingOn("/nowhere");

    assertThat(story.when(web.put()))
        .isInstanceOfSatisfying(
            Reply.Invalid.class,
            invalid ->
                assertThat(invalid.problems())
                    .containsExactly(
                        new Problem(
                            "/dependencies",
                            "'/nowhere' is neither an app nor a group; create it first")));
    assertThat(story.state().root().apps().isEmpty()).isTrue();

    story.when(web.lenient());
    settled();
    assertThat(story.running("/web")).isEqualTo(1);
    // What was passed over before is no obstacle to the next change.
    assertThat(story.when(web.times(2).put())).isInstanceOf(Reply.Deploying.class);
  }

  @Test
  void tellsAPlanWithoutDoingAnything() {
    Decision decision = Decider.decide(story.state(), shop.put(), story.now());

    var started = (Event.DeploymentStarted) decision.events().get(1);
    assertThat(started.deployment().steps()).hasSize(3);
    assertThat(story.state().deployments().isEmpty()).isTrue();
    assertThat(Decider.decide(story.state(), shop.put(), story.now()).events())
        .isEqualTo(decision.events());
  }

  @Test
  void answersByWhatIsExpected() {
    assertThat(story.when(shop.put(Input.Expectation.PRESENT, false)))
        .isEqualTo(new Reply.NotFound("Group '/shop' does not exist"));
    assertThat(story.when(GroupBuilder.scale("/nowhere", 2))).isInstanceOf(Reply.NotFound.class);
    assertThat(story.when(new Input.RemoveGroup(PathId.of("/nowhere"), false)))
        .isInstanceOf(Reply.NotFound.class);
    story.when(shop.put(Input.Expectation.ABSENT, false));
    settled();
    assertThat(story.when(shop.put(Input.Expectation.ABSENT, false)))
        .isInstanceOf(Reply.Conflict.class);
    assertThat(story.when(group("/shop/web").put(Input.Expectation.ABSENT, false)))
        .isInstanceOf(Reply.Conflict.class);
    assertThat(story.when(group("/shop/web").with(app("/shop/web/x", 1)).put()))
        .isInstanceOf(Reply.Invalid.class);
  }

  @Test
  void removesAGroupWhileItIsBeingDeployedIfForced() {
    story.when(shop.put());
    story.eventually("the data runs", () -> story.running("/shop/data/queue") == 1);

    assertThat(story.when(new Input.RemoveGroup(PathId.of("/shop"), false)))
        .isInstanceOf(Reply.Locked.class);
    story.when(new Input.RemoveGroup(PathId.of("/shop"), true));

    settled();
    assertThat(story.engine().alive()).isEmpty();
    assertThat(story.events(Event.InstanceScheduled.class))
        .noneMatch(event -> event.instance().app().equals(PathId.of("/shop/web")));
    assertThat(story.state().formations().isEmpty()).isTrue();
  }

  @Test
  void takesTheGroupsWithItThatACancelledDeploymentMade() {
    Reply reply = story.when(app("/a/b/c/web", 1).running("mute").withHealthCheck().put());

    story.when(new Input.CancelDeployment(((Reply.Deploying) reply).deployment(), false));

    settled();
    assertThat(groupIds()).containsExactly("/");
  }

  private void settled() {
    story.eventually("it is over", () -> story.state().deployments().isEmpty());
  }

  private int stepsOfLast() {
    Deployment.Ended last = story.state().ended().getLast();
    return last.deployment().steps().size();
  }

  private List<String> appIds() {
    List<String> ids = new ArrayList<>();
    story.state().root().apps().keys().forEach(id -> ids.add(id.toString()));
    return ids;
  }

  private List<String> groupIds() {
    List<String> ids = new ArrayList<>();
    story.state().root().groups().keys().forEach(id -> ids.add(id.toString()));
    return ids;
  }
}
