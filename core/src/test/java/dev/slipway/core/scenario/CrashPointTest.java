package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Input;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Each story is told once to count the moments at which its server may die: after each decision,
/// after each record of it, after each order. Then it is told again with a death at every one of
/// them, and at two. It comes to the same end, and {@link Invariants} hold all along.
class CrashPointTest {
  /// Within how many moments two deaths follow each other.
  private static final int CLOSE = 12;

  private static final AppBuilder WEB =
      app("/web", 3).withHealthCheck().version("1").withPort(0, false);

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void comesToTheSameEndWhereverItsServerDies(String name, Consumer<Telling> story) {
    Telling undisturbed = told(story, Set.of());
    assertThat(undisturbed.moments).isGreaterThan(10);
    for (int fatal = 1; fatal <= undisturbed.moments; fatal++) {
      Telling telling = told(story, Set.of(fatal));
      assertThat(telling.world.servers()).as("deaths at %d", fatal).isEqualTo(2);
      assertThat(telling.end()).as("death at %d", fatal).isEqualTo(undisturbed.end());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("stories")
  void comesToTheSameEndWhenTwoServersDie(String name, Consumer<Telling> story) {
    Telling undisturbed = told(story, Set.of());
    for (int first = 1; first <= undisturbed.moments; first += 3) {
      for (int later = 1; later <= CLOSE; later += 2) {
        Telling telling = told(story, Set.of(first, first + later));
        assertThat(telling.end())
            .as("deaths at %d and %d", first, first + later)
            .isEqualTo(undisturbed.end());
      }
    }
  }

  private static Telling told(Consumer<Telling> story, Set<Integer> fatal) {
    var telling = new Telling(fatal);
    story.accept(telling);
    telling.rest();
    return telling;
  }

  static Stream<Arguments> stories() {
    Map<String, Consumer<Telling>> stories = new TreeMap<>();
    stories.put("create", CrashPointTest::create);
    stories.put("scale", CrashPointTest::scale);
    stories.put("update", CrashPointTest::update);
    stories.put("rollback", CrashPointTest::rollBack);
    stories.put("delete", CrashPointTest::delete);
    stories.put("volumes", CrashPointTest::volumes);
    return stories.entrySet().stream().map(one -> Arguments.of(one.getKey(), one.getValue()));
  }

  private static void create(Telling story) {
    story.insist(
        GroupBuilder.group("/pair")
            .with(app("/pair/db", 1).withHealthCheck(), app("/pair/web", 2).dependingOn("/pair/db"))
            .put());
  }

  private static void scale(Telling story) {
    given(story);
    story.insist(WEB.times(5).put());
    story.rest();
    story.insist(WEB.times(1).put());
  }

  private static void update(Telling story) {
    given(story);
    story.insist(WEB.version("2").put());
  }

  private static void rollBack(Telling story) {
    given(story);
    story.insist(WEB.running("mute").version("2").put());
    story.world.timeline().pass(Duration.ofSeconds(20));
    List<DeploymentId> going = new ArrayList<>();
    story.world.state().deployments().keys().forEach(going::add);
    story.insist(new Input.CancelDeployment(going.getFirst(), false));
  }

  private static void delete(Telling story) {
    given(story);
    story.insist(new Input.RemoveApp(PathId.of("/web"), false));
  }

  private static void volumes(Telling story) {
    var keeping = app("/db", 2).withVolume("data", 10).labelled("SLIPWAY_VOLUMES", "delete");
    story.insist(keeping.put());
    story.rest();
    story.insist(keeping.version("2").put());
    story.rest();
    story.insist(new Input.RemoveApp(PathId.of("/db"), false));
  }

  private static void given(Telling story) {
    story.insist(WEB.put());
    story.rest();
  }

  /// A story on two machines, whose server dies at some moments.
  static final class Telling {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final World world = new World(0, Decider::decide);
    private int moments;
    private boolean answered;

    Telling(Set<Integer> fatal) {
      for (int i = 1; i <= 2; i++) {
        world.engine().offer(Scenario.node(i, Resources.of(4, 4096, 4096, 0)));
      }
      new Prober(world);
      world.timeline().pass(Duration.ofSeconds(1));
      world.chances(moment -> fatal.contains(++moments));
    }

    /// Asks again until there is an answer, as a client does whose server died.
    void insist(Input.Command wish) {
      answered = false;
      for (int i = 0; !answered && i < 100; i++) {
        world.submit(wish, reply -> answered |= reply.isPresent());
        world.timeline().pass(Duration.ofSeconds(3));
      }
      assertThat(answered).as("whether %s was answered", wish).isTrue();
    }

    /// Waits until nothing goes on any more.
    void rest() {
      var limit = world.timeline().now().plus(LONGEST);
      while (world.timeline().now().isBefore(limit) && !isQuiet()) {
        world.timeline().pass(Duration.ofSeconds(1));
      }
      world.timeline().pass(Duration.ofMinutes(2));
      new Verdict(world).judge();
    }

    private boolean isQuiet() {
      return world.server().isAlive() && world.state().deployments().isEmpty();
    }

    /// What is in the end, but for identities and times.
    Map<String, String> end() {
      State state = world.state();
      Map<String, String> end = new TreeMap<>();
      end.put("deployments", state.deployments().size() + " " + state.locks().size());
      end.put("running", "" + world.engine().alive().size());
      end.put("strays", "" + world.engine().strays().size());
      end.put("formations", sorted(state.formations().keys(), PathId::toString).toString());
      end.put("volumes", state.nodes().volumes().size() + " " + madeVolumes());
      for (var node : state.nodes().byId().values()) {
        int ports = state.nodes().portsOf(node.node()).size();
        end.put(node.id().value(), node.used() + " " + node.instances().size() + " " + ports);
      }
      for (var app : state.root().apps().values()) {
        end.put(app.id().toString(), app.spec().instances() + " " + app.spec().env());
        List<String> instances = new ArrayList<>();
        for (Instance instance : state.instancesOf(app.id()).values()) {
          instances.add(
              instance.condition()
                  + " "
                  + instance.health()
                  + " "
                  + instance.generation().equals(app.generation()));
        }
        end.put(app.id() + " instances", instances.toString());
      }
      return end;
    }

    private int madeVolumes() {
      return world.engine().machines().values().stream()
          .mapToInt(machine -> machine.volumes().size())
          .sum();
    }

    private static <T> Set<String> sorted(Iterable<T> all, Function<T, String> name) {
      Set<String> names = new TreeSet<>();
      all.forEach(one -> names.add(name.apply(one)));
      return names;
    }
  }
}
