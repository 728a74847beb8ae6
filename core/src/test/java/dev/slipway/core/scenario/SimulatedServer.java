package dev.slipway.core.scenario;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// One life of a server: it takes the leadership, decides about what comes in, some inputs at a
/// time, has all their events recorded at once, and only then lets anything be seen. It may die
/// before, between and after; what it had ordered may still arrive then. It may also be stopped for
/// a while and go on without knowing that another leads.
final class SimulatedServer {
  private static final Duration RETRY_WHEN_FULL = Duration.ofSeconds(1);

  private record Entry(Input input, Consumer<Optional<Reply>> answer) {}

  private record Batch(List<Entry> entries, List<Decision> decisions, State after) {
    List<Event> events() {
      return decisions.stream().flatMap(decision -> decision.events().stream()).toList();
    }
  }

  private final World world;
  private final Epoch epoch;
  private final Deque<Entry> inbox = new ArrayDeque<>();
  private final Map<PathId, Instant> agenda = new TreeMap<>();
  private final Map<String, Instant> lastOrder = new HashMap<>();
  private final List<Effect> held = new ArrayList<>();
  private State published;
  private boolean alive = true;
  private boolean stopped;
  private boolean busy;
  private Instant nextLook = Instant.MAX;

  SimulatedServer(World world, Epoch epoch, State recovered) {
    this.world = world;
    this.epoch = epoch;
    this.published = recovered;
  }

  void start() {
    tell(new Input.TakeLeadership(epoch, "simulated"));
    world.connect(this, epoch);
  }

  State published() {
    return published;
  }

  boolean isAlive() {
    return alive;
  }

  void die() {
    if (alive) {
      alive = false;
      world.died(this);
    }
  }

  /// Stands still for a while, as a process does that is not given the processor.
  void stop(Duration time) {
    stopped = true;
    world.timeline().after(time, this::goOn);
  }

  private void goOn() {
    stopped = false;
    held.forEach(this::carryOut);
    held.clear();
    look();
    turn();
  }

  /// @param answer told the reply, or nothing when the wish could not be taken
  void submit(Input.Command wish, Consumer<Optional<Reply>> answer) {
    enter(new Entry(wish, answer));
  }

  void tell(Input sight) {
    enter(new Entry(sight, reply -> {}));
  }

  private void enter(Entry entry) {
    if (alive) {
      inbox.add(entry);
      turn();
    }
  }

  private void turn() {
    if (!alive || stopped || busy || inbox.isEmpty()) {
      return;
    }
    busy = true;
    List<Entry> entries = new ArrayList<>();
    for (int i = world.chances().batch(); i > 0 && !inbox.isEmpty(); i--) {
      entries.add(inbox.remove());
    }
    State state = published;
    List<Decision> decisions = new ArrayList<>();
    for (Entry entry : entries) {
      Decision decision = world.decide(state, entry.input());
      decisions.add(decision);
      state = decision.after();
    }
    var batch = new Batch(entries, decisions, state);
    if (!dies(Moment.DECIDED)) {
      world.timeline().after(world.chances().append(), () -> record(batch));
    }
  }

  /// What was on its way to the journal when the server died may arrive there or not.
  private void record(Batch batch) {
    if (!alive && !world.chances().arrives()) {
      return;
    }
    if (stopped) {
      world.timeline().after(Duration.ofMillis(500), () -> record(batch));
      return;
    }
    switch (world.journal().append(batch.events(), batch.after(), epoch)) {
      case STALE -> {
        refuse(batch.entries());
        die();
      }
      case FULL -> {
        refuse(batch.entries());
        batch.entries().reversed().stream()
            .filter(entry -> !(entry.input() instanceof Input.Command))
            .forEach(inbox::addFirst);
        world.timeline().after(RETRY_WHEN_FULL, this::ready);
      }
      case RECORDED -> {
        world.recorded(batch.events());
        if (alive && !dies(Moment.RECORDED)) {
          publish(batch);
        }
      }
    }
  }

  private void publish(Batch batch) {
    published = batch.after();
    Duration ahead = world.clockError();
    for (Decision decision : batch.decisions()) {
      decision
          .wakeUps()
          .forEach(
              (app, at) ->
                  at.ifPresentOrElse(
                      time -> agenda.put(app, time.minus(ahead)), () -> agenda.remove(app)));
      for (Effect effect : decision.effects()) {
        order(effect);
        if (dies(Moment.ACTED)) {
          return;
        }
      }
    }
    for (int i = 0; i < batch.entries().size(); i++) {
      batch.entries().get(i).answer().accept(Optional.of(batch.decisions().get(i).reply()));
    }
    look();
    ready();
  }

  private void ready() {
    busy = false;
    turn();
  }

  private static void refuse(List<Entry> entries) {
    entries.forEach(entry -> entry.answer().accept(Optional.empty()));
  }

  private boolean dies(Moment moment) {
    if (world.chances().dies(moment)) {
      die();
    }
    return !alive;
  }

  /// Orders for one task keep their order; one that is given twice may come again at any time.
  private void order(Effect effect) {
    String lane =
        switch (effect) {
          case Effect.Launch launch -> launch.launch().id().value();
          case Effect.Kill kill -> kill.task().value();
          case Effect.DestroyVolume destroy -> destroy.volume().value();
          case Effect.ReportStray stray -> stray.task().value();
        };
    Instant now = world.timeline().now();
    for (Duration delay : world.orders().arrivals()) {
      Instant at = now.plus(delay);
      Instant last = lastOrder.getOrDefault(lane, now);
      at = at.isBefore(last) ? last : at;
      lastOrder.put(lane, at);
      world.timeline().after(Duration.between(now, at), () -> carryOut(effect));
    }
  }

  private void carryOut(Effect effect) {
    if (stopped) {
      held.add(effect);
      return;
    }
    if (alive || world.chances().arrives()) {
      world.engine().carryOut(effect);
    }
  }

  /// Plans the next look at what comes due.
  private void look() {
    Instant next = agenda.values().stream().min(Instant::compareTo).orElse(Instant.MAX);
    if (!alive || !next.isBefore(nextLook)) {
      return;
    }
    nextLook = next;
    Duration wait = Duration.between(world.timeline().now(), next);
    world.timeline().after(wait.isNegative() ? Duration.ZERO : wait, this::due);
  }

  private void due() {
    nextLook = Instant.MAX;
    if (!alive || stopped) {
      return;
    }
    var apps = new TreeSet<PathId>();
    agenda.forEach(
        (app, at) -> {
          if (!at.isAfter(world.timeline().now())) {
            apps.add(app);
          }
        });
    apps.forEach(agenda::remove);
    if (!apps.isEmpty()) {
      tell(new Input.Due(apps));
    }
    look();
  }
}
