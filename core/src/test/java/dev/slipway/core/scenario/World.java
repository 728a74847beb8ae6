package dev.slipway.core.scenario;

import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// All that is around the core: time, a journal, an engine, and one server after another. Every
/// decision is held to the {@link Invariants}.
final class World {
  /// The core, or one that was broken on purpose to see whether that is noticed.
  @FunctionalInterface
  interface Deciding {
    Decision decide(State state, Input input, Instant now);
  }

  private final Timeline timeline = new Timeline();
  private final SimulatedJournal journal = new SimulatedJournal();
  private final SimulatedEngine engine = new SimulatedEngine(timeline, this::clock);
  private final Network orders;
  private final Network sights;
  private final Dice dice;
  private final Deciding deciding;
  private final Set<InstanceId> instances = new HashSet<>();
  private Chances chances = Chances.NONE;
  private Duration clockError = Duration.ZERO;
  private SimulatedServer server;
  private int servers;

  World(long seed, Deciding deciding) {
    this.deciding = deciding;
    dice = new Dice(seed, "world");
    orders = new Network(timeline, new Dice(seed, "orders"));
    sights = new Network(timeline, new Dice(seed, "sights"));
    server = lead();
  }

  Timeline timeline() {
    return timeline;
  }

  SimulatedJournal journal() {
    return journal;
  }

  SimulatedEngine engine() {
    return engine;
  }

  Network orders() {
    return orders;
  }

  Network sights() {
    return sights;
  }

  Chances chances() {
    return chances;
  }

  void chances(Chances next) {
    chances = next;
  }

  /// The server that leads, or the last one that did.
  SimulatedServer server() {
    return server;
  }

  /// How many servers there have been.
  int servers() {
    return servers;
  }

  State state() {
    return server.published();
  }

  /// What servers take for the time.
  Instant clock() {
    return timeline.now().plus(clockError);
  }

  Duration clockError() {
    return clockError;
  }

  void clockJumps(Duration by) {
    clockError = clockError.plus(by);
  }

  /// Another server leads from now on, whatever the one before does.
  SimulatedServer lead() {
    Epoch epoch = journal.takeLeadership();
    engine.disconnect();
    server = new SimulatedServer(this, epoch, journal.replay());
    servers++;
    server.start();
    return server;
  }

  /// Another server takes over a while after the one that led has died.
  void died(SimulatedServer dead) {
    timeline.after(
        chances.downtime(),
        () -> {
          if (server == dead) {
            lead();
          }
        });
  }

  void connect(SimulatedServer listener, Epoch epoch) {
    var line = new SightLine(timeline, sights, dice, listener::tell);
    engine.connect(line, epoch);
  }

  /// A wish reaches whoever leads; nobody hears it while nobody does.
  void submit(Input.Command wish, Consumer<Optional<Reply>> answer) {
    if (server.isAlive()) {
      server.submit(wish, answer);
    } else {
      answer.accept(Optional.empty());
    }
  }

  Decision decide(State state, Input input) {
    Instant now = clock();
    Decision decision = deciding.decide(state, input, now);
    Invariants.check(new Step(state, input, now, decision));
    return decision;
  }

  /// Told all that has become durable.
  void recorded(List<Event> events) {
    for (Event event : events) {
      if (event instanceof Event.InstanceScheduled scheduled) {
        Rule.RUNS_ONCE.holds(
            instances.add(scheduled.instance()), "%s exists again", scheduled.instance());
      }
    }
  }
}
