package dev.slipway.core.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Memory;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// A platform on virtual time: the deciding core, a {@link VirtualEngine}, and promises that are
/// checked after every step. Reads as a story:
///
/// ```
/// var story = Scenario.onNodes(2);
/// story.given(app("/web", 3).running("run"));
/// story.promise().atLeast(2).ready("/web");
/// story.when(update(app("/web", 3).running("run").env("V", "2")));
/// story.eventually("all are of version 2", () -> story.ready("/web", "V", "2") == 3);
/// ```
final class Scenario {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final int MAX_STEPS = 200_000;

  /// Of so many decisions one is made anew by somebody without a memory.
  private static final int REDECIDED_ONE_OF = 16;

  private record Planned(Instant at, long order, Runnable what) {}

  private final PriorityQueue<Planned> plan =
      new PriorityQueue<>(Comparator.comparing(Planned::at).thenComparingLong(Planned::order));
  private final Map<PathId, Instant> agenda = new HashMap<>();
  private final List<Event> journal = new ArrayList<>();
  private final List<TaskId> strays = new ArrayList<>();
  private final List<Runnable> promises = new ArrayList<>();
  private final VirtualEngine engine;
  private State state = State.EMPTY;
  private final Memory memory = new Memory();
  private int decisions;
  private Instant now = START;
  private long order;
  private int epoch;
  private Duration lateness = Duration.ZERO;
  private Duration clockError = Duration.ZERO;
  private Supplier<Fate> fates = () -> Fate.LIVES;
  private Supplier<List<Duration>> delivery = () -> List.of(Duration.ZERO);

  /// What becomes of the server while it takes an input.
  enum Fate {
    LIVES,
    /// It dies before anything is durable.
    DIES_BEFORE_RECORDING,
    /// It dies when the events are durable and no order has been given.
    DIES_BEFORE_ACTING,
    /// It dies when half of the orders have been given.
    DIES_WHILE_ACTING
  }

  private Scenario(List<Node> nodes) {
    engine = new VirtualEngine(this, nodes);
    takeLeadership();
  }

  static Scenario onNodes(int count) {
    return onNodes(count, Resources.of(4, 4096, 4096, 0));
  }

  static Scenario onNodes(int count, Resources each) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      nodes.add(node(i, each));
    }
    return new Scenario(nodes);
  }

  /// The node `n<number>`, at an address and in a rack of its own, that keeps volumes and has
  /// container networks.
  static Node node(int number, Resources capacity) {
    return new Node(
        new NodeId("n" + number),
        "n" + number,
        "10.0.0." + number,
        capacity,
        new PortRange(31000, 31999),
        new PortRange(1024, 30999),
        new TreeMap<>(Map.of("rack", "r" + number)),
        new TreeSet<>(
            Set.of(
                NodeFeature.PERSISTENT_VOLUMES,
                NodeFeature.CONTAINER_NETWORK,
                NodeFeature.GPU_SHARES)));
  }

  State state() {
    return state;
  }

  Instant now() {
    return now;
  }

  VirtualEngine engine() {
    return engine;
  }

  List<Event> journal() {
    return journal;
  }

  List<TaskId> strays() {
    return strays;
  }

  /// Deploys an app and waits until the deployment is over.
  void given(AppBuilder app) {
    assertThat(when(app.put())).isInstanceOf(Reply.Deploying.class);
    eventually(app.id() + " is deployed", () -> state.deployments().isEmpty());
  }

  Reply when(Input input) {
    return decide(input).orElseThrow();
  }

  /// Asks again until there is an answer, as a client does whose server died.
  Reply insist(Input.Command wish) {
    Optional<Reply> answer = decide(wish);
    while (answer.isEmpty()) {
      answer = decide(wish);
    }
    return answer.get();
  }

  /// From now on, what becomes of the server with each input.
  void fates(Supplier<Fate> next) {
    fates = next;
  }

  /// From now on, after which times a sight comes in: never, once or several times.
  void delivery(Supplier<List<Duration>> delays) {
    delivery = delays;
  }

  /// Holds from now on, after every step.
  void promise(String what, BooleanSupplier kept) {
    promises.add(
        () -> {
          if (!kept.getAsBoolean()) {
            fail("broken at " + now + ": " + what + "\n" + story());
          }
        });
  }

  /// Lets time pass until it is so, a virtual hour at most.
  void eventually(String what, BooleanSupplier so) {
    Instant limit = now.plus(Duration.ofHours(1));
    for (int step = 0; step < MAX_STEPS; step++) {
      if (so.getAsBoolean()) {
        return;
      }
      if (!step(limit)) {
        break;
      }
    }
    fail("never came about: " + what + "\n" + story());
  }

  /// From now on the server looks at what is due this much later.
  void late(Duration much) {
    lateness = much;
  }

  /// The clock shows another time from now on; what is planned still comes in its order.
  void clockJumps(Duration by) {
    clockError = clockError.plus(by);
  }

  /// Lets at most so many things happen, one after the other, while it is so.
  void steps(int count, BooleanSupplier so) {
    for (int i = 0; i < count && so.getAsBoolean(); i++) {
      step(Instant.MAX);
    }
  }

  /// Lets this much time pass.
  void pass(Duration time) {
    Instant limit = now.plus(time);
    for (int step = 0; step < MAX_STEPS && step(limit); step++) {
      // Each step is checked within.
    }
    now = limit;
  }

  int running(String app) {
    return (int) instances(app).stream().filter(i -> i.condition() == Condition.RUNNING).count();
  }

  int ready(String app) {
    PathId id = PathId.of(app);
    return (int)
        instances(app).stream()
            .filter(
                instance ->
                    instance.isReady(
                        state
                            .app(id, instance.version())
                            .map(known -> !known.spec().healthChecks().isEmpty())
                            .orElse(false)))
            .count();
  }

  /// Ready instances whose version has this in its environment.
  int ready(String app, String name, String value) {
    return (int)
        instances(app).stream()
            .filter(
                instance ->
                    state
                        .app(PathId.of(app), instance.version())
                        .filter(known -> value.equals(known.spec().env().get(name)))
                        .filter(known -> instance.isReady(!known.spec().healthChecks().isEmpty()))
                        .isPresent())
            .count();
  }

  /// Failures of the app's generation that failed last.
  int failures(String app) {
    var failures = state.failures().get(PathId.of(app));
    return failures == null ? 0 : failures.count();
  }

  List<Instance> instances(String app) {
    List<Instance> all = new ArrayList<>();
    state.instancesOf(PathId.of(app)).values().forEach(all::add);
    return all;
  }

  <E extends Event> List<E> events(Class<E> type) {
    return journal.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// The server dies and another starts from the journal; what was on its way to the old one is
  /// lost, the engine's tasks go on.
  void restart() {
    state = Evolution.applyAll(State.EMPTY, journal);
    agenda.clear();
    takeLeadership();
  }

  /// The engine tells all that it knows, as it does when it may have missed something.
  void picture() {
    decide(new Input.EngineSeen(engine.picture()));
    engine.silent().forEach(node -> decide(new Input.NodeSilent(node, "no answer")));
  }

  void after(Duration delay, Runnable what) {
    plan.add(new Planned(now.plus(delay), order++, what));
  }

  /// A sight for the server of now; its successor asks anew.
  void tell(Input sight) {
    int server = epoch;
    for (Duration delay : delivery.get()) {
      after(
          delay,
          () -> {
            if (server == epoch) {
              decide(sight);
            }
          });
    }
  }

  void stray(TaskId task) {
    strays.add(task);
  }

  private void takeLeadership() {
    epoch++;
    int server = epoch;
    decide(new Input.TakeLeadership(new Epoch(epoch), "test"));
    if (server == epoch) {
      picture();
    }
    if (server == epoch) {
      engine.probeAgain();
    }
  }

  /// The server's answer, or nothing when it died before it could give one.
  private Optional<Reply> decide(Input input) {
    Fate fate = fates.get();
    if (fate == Fate.DIES_BEFORE_RECORDING) {
      restart();
      return Optional.empty();
    }
    State before = state;
    Decision decision = Decider.decide(state, input, now.plus(clockError), memory);
    if (decisions++ % REDECIDED_ONE_OF == 0) {
      assertThat(Decider.decide(state, input, now.plus(clockError)).events())
          .as("what is decided by one who knows nothing of earlier decisions")
          .isEqualTo(decision.events());
    }
    state = decision.after();
    journal.addAll(decision.events());
    decision
        .wakeUps()
        .forEach(
            (app, at) ->
                at.ifPresentOrElse(time -> agenda.put(app, time), () -> agenda.remove(app)));
    Invariants.check(new Step(before, input, now.plus(clockError), decision));
    promises.forEach(Runnable::run);
    List<Effect> effects = decision.effects();
    int carriedOut =
        switch (fate) {
          case LIVES -> effects.size();
          case DIES_WHILE_ACTING -> effects.size() / 2;
          case DIES_BEFORE_ACTING, DIES_BEFORE_RECORDING -> 0;
        };
    effects.subList(0, carriedOut).forEach(engine::carryOut);
    if (fate == Fate.LIVES) {
      return Optional.of(decision.reply());
    }
    restart();
    return Optional.empty();
  }

  /// Does the next thing that is planned or due before `limit`.
  private boolean step(Instant limit) {
    Instant due =
        agenda.values().stream()
            .min(Instant::compareTo)
            .map(time -> time.minus(clockError).plus(lateness))
            .orElse(Instant.MAX);
    Planned next = plan.peek();
    boolean planned = next != null && !next.at().isAfter(due);
    Instant at = planned ? next.at() : due;
    if (at.isAfter(limit)) {
      return false;
    }
    now = at.isAfter(now) ? at : now;
    if (planned) {
      plan.remove(next);
      next.what().run();
      return true;
    }
    var apps = new TreeSet<PathId>();
    agenda.forEach(
        (app, time) -> {
          if (!time.isAfter(now.plus(clockError))) {
            apps.add(app);
          }
        });
    apps.forEach(agenda::remove);
    decide(new Input.Due(apps));
    return true;
  }

  private String story() {
    var text = new StringBuilder();
    journal.stream()
        .skip(Math.max(0, journal.size() - 40))
        .forEach(event -> text.append("  ").append(event).append('\n'));
    return text.toString();
  }

  static AppChange always(AppSpec spec) {
    return new AppChange(spec.id(), current -> new AppChange.Result.Revised(spec));
  }
}
