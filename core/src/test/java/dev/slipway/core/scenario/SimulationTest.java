package dev.slipway.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.App;
import dev.slipway.core.control.Progress;
import dev.slipway.core.deployment.Action;
import dev.slipway.core.deployment.Deployment;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.placement.Outcome;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Runs {@link Simulation} with many seeds: 200 of them, or as many as `-Dslipway.seeds=N` asks
/// for, or the one of `-Dslipway.seed=N`.
class SimulationTest {
  private static final Set<String> NEVER_READY = Set.of("crash", "finish", "unhealthy", "mute");

  @Test
  void becomesWhatIsWantedOrSaysWhyNot() {
    Long one = Long.getLong("slipway.seed");
    long count = Long.getLong("slipway.seeds", 200);
    (one == null ? LongStream.range(0, count) : LongStream.of(one)).forEach(SimulationTest::run);
  }

  private static void run(long seed) {
    try {
      judge(new Simulation(seed).run());
    } catch (AssertionError | RuntimeException failure) {
      throw new AssertionError(
          "replay with: ./mvnw -pl core test -Dtest=SimulationTest -Dslipway.seed=" + seed,
          failure);
    }
  }

  private static void judge(Scenario story) {
    State state = story.state();
    assertThat(Evolution.applyAll(State.EMPTY, story.journal())).isEqualTo(state);
    Set<TaskId> standing = new TreeSet<>();
    for (var instances : state.instances().values()) {
      for (Instance instance : instances.values()) {
        if (instance.place().isPresent()) {
          standing.add(instance.id().task());
        }
      }
    }
    assertThat(story.engine().alive())
        .as("what runs is what is recorded")
        .containsExactlyElementsOf(standing);
    state.formations().keys().forEach(id -> assertThat(state.app(id)).as("%s", id).isPresent());
    for (App app : state.root().apps().values()) {
      judge(story, app);
    }
    state.deployments().values().forEach(deployment -> judge(story, deployment));
  }

  /// An app that no deployment holds has what it wants, or each that is missing has a reason.
  private static void judge(Scenario story, App app) {
    State state = story.state();
    if (state.locks().containsKey(app.id())) {
      return;
    }
    var formation = state.formation(app.id()).orElseThrow();
    assertThat(formation.app()).isEqualTo(app);
    List<Instance> unready = new ArrayList<>();
    int current = 0;
    boolean leaving = false;
    for (Instance instance : state.instancesOf(app.id()).values()) {
      if (instance.condition() == Condition.KILLING) {
        assertThat(endsNow(story, instance)).as("%s", instance).isTrue();
        continue;
      }
      boolean there =
          instance
              .place()
              .flatMap(place -> state.node(place.node()))
              .filter(node -> node.draining())
              .isPresent();
      leaving |= there;
      current += there ? 0 : 1;
      if (!instance.isReady(!app.spec().healthChecks().isEmpty())) {
        unready.add(instance);
      }
    }
    assertThat(leaving ? app.spec().instances() : current)
        .as("instances of %s", app.id())
        .isEqualTo(app.spec().instances());
    unready.forEach(instance -> hasReason(story, app, instance));
  }

  private static void hasReason(Scenario story, App app, Instance instance) {
    State state = story.state();
    String script =
        String.join(
            " ", state.app(app.id(), instance.version()).orElse(app).spec().command().argv());
    if (NEVER_READY.stream().anyMatch(script::endsWith)) {
      return;
    }
    assertThat(instance.condition())
        .as("%s in %s", instance, state.locks().get(app.id()))
        .isEqualTo(Condition.SCHEDULED);
    var backoff = state.backoffs().get(app.id());
    if (backoff != null && backoff.until().isAfter(story.now())) {
      return;
    }
    List<Instance> siblings = new ArrayList<>();
    state.instancesOf(app.id()).values().forEach(siblings::add);
    assertThat(Placement.place(state.nodes(), Request.of(app.spec(), 0), siblings))
        .as("%s waits although there is room", instance)
        .isInstanceOf(Outcome.NotPlaced.class);
  }

  /// A deployment that is not over names what it waits for.
  private static void judge(Scenario story, Deployment deployment) {
    List<Progress> waits = new ArrayList<>();
    for (Action action : deployment.currentActions()) {
      Progress progress = Progress.of(story.state(), action);
      if (!progress.done()) {
        waits.add(progress);
      }
    }
    assertThat(waits).as("%s", deployment).isNotEmpty();
    for (Progress progress : waits) {
      int named =
          progress.unready().size()
              + progress.outdated().size()
              + progress.ending().size()
              + progress.blockers().size();
      assertThat(named).as("instances that %s waits for", deployment.id()).isPositive();
      // What never gets ready is ended again and again, but nothing ends for long.
      assertThat(progress.ending()).allMatch(instance -> endsNow(story, instance));
    }
  }

  private static boolean endsNow(Scenario story, Instance instance) {
    return instance.since().plusSeconds(10).isAfter(story.now());
  }
}
