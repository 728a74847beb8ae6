package dev.slipway.core.scenario;

import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.leadership.Heard;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/// One term of a server: it reads all that is recorded, connects to the engine, and then decides,
/// records and acts until its election ends it. Between any two of these the process may stand
/// still, die, or lead no more without knowing it.
final class ClusterTerm {
  private static final Duration AGAIN = Duration.ofMillis(200);

  private record Entry(Input input, Consumer<Reply> answer) {}

  private record Work(List<Entry> entries, List<Decision> decisions, SharedJournal.Batch batch) {}

  private record Recovered(State state, int events) {}

  private final Cluster cluster;
  private final Member member;
  private final Epoch epoch;
  private final Deque<Entry> inbox = new ArrayDeque<>();
  private final Map<PathId, Instant> agenda = new TreeMap<>();
  private State state = State.EMPTY;
  private int known;
  private boolean ready;
  private boolean busy;
  private boolean connected;
  private boolean over;
  private Instant nextLook = Instant.MAX;

  ClusterTerm(Cluster cluster, Member member, Epoch epoch) {
    this.cluster = cluster;
    this.member = member;
    this.epoch = epoch;
  }

  void end() {
    over = true;
  }

  /// What it has recorded and shows.
  State state() {
    return state;
  }

  Epoch epoch() {
    return epoch;
  }

  boolean isReady() {
    return ready && !over;
  }

  void begin() {
    member.ask(
        () -> new Recovered(cluster.journal().replay(), cluster.journal().events().size()),
        read -> {
          if (over) {
            return;
          }
          if (read.isEmpty()) {
            member.after(AGAIN, this::begin);
            return;
          }
          state = read.get().state();
          known = read.get().events();
          ready = true;
          enter(
              new Entry(
                  new Input.TakeLeadership(epoch, "simulated"),
                  reply -> member.hear(new Heard.TermBegan(epoch))));
        });
  }

  void submit(Input.Command wish, Consumer<Reply> answer) {
    enter(new Entry(wish, answer));
  }

  private void tell(Input sight) {
    enter(new Entry(sight, reply -> {}));
  }

  private void enter(Entry entry) {
    if (!over) {
      inbox.add(entry);
      turn();
    }
  }

  private void turn() {
    if (over || busy || !ready || inbox.isEmpty()) {
      return;
    }
    busy = true;
    List<Entry> entries = new ArrayList<>();
    List<Decision> decisions = new ArrayList<>();
    List<Event> events = new ArrayList<>();
    State now = state;
    for (int i = 1 + member.dice().below(4); i > 0 && !inbox.isEmpty(); i--) {
      Entry entry = inbox.remove();
      Decision decision = decide(now, entry.input());
      entries.add(entry);
      decisions.add(decision);
      events.addAll(decision.events());
      now = decision.after();
    }
    var batch =
        new SharedJournal.Batch(
            cluster.nextBatch(), epoch, member.id(), known, List.copyOf(events));
    cluster.strike(member, Moment.DECIDED);
    record(new Work(entries, decisions, batch));
  }

  private Decision decide(State before, Input input) {
    Instant at = member.wall();
    Decision decision = Decider.decide(before, input, at);
    Invariants.check(new Step(before, input, at, decision));
    return decision;
  }

  /// The same batch is offered until it is known what became of it.
  private void record(Work work) {
    if (over) {
      return;
    }
    if (work.batch().events().isEmpty()) {
      // Nothing to record; that it still leads is known from its lease.
      member.run(() -> publish(work));
      return;
    }
    member.ask(
        () -> cluster.journal().append(work.batch()),
        outcome -> {
          if (over) {
            return;
          }
          if (outcome.isEmpty()) {
            member.after(AGAIN, () -> record(work));
            return;
          }
          switch (outcome.get()) {
            case RECORDED -> {
              known += work.batch().events().size();
              cluster.strike(member, Moment.RECORDED);
              member.run(() -> publish(work));
            }
            case STALE -> member.hear(new Heard.Overtaken(cluster.journal().epoch()));
            case LOST -> member.hear(new Heard.TermFailed("history lost"));
          }
        });
  }

  private void publish(Work work) {
    if (over) {
      return;
    }
    for (int i = 0; i < work.decisions().size(); i++) {
      Decision decision = work.decisions().get(i);
      state = decision.after();
      Entry entry = work.entries().get(i);
      if (entry.input() instanceof Input.TakeLeadership) {
        // Before anything is ordered the engine refuses what its predecessors still order.
        connect();
      }
      decision
          .wakeUps()
          .forEach(
              (app, at) ->
                  at.ifPresentOrElse(time -> agenda.put(app, time), () -> agenda.remove(app)));
      decision.effects().forEach(this::order);
      // A reply without anything recorded would be as good as any that a leader gives.
      if (member.mayAct()) {
        entry.answer().accept(decision.reply());
      }
    }
    look();
    busy = false;
    turn();
  }

  private void connect() {
    if (over) {
      return;
    }
    if (!member.reachesEngine()) {
      member.after(Duration.ofSeconds(1), this::connect);
      return;
    }
    try {
      cluster.fence().check(epoch);
    } catch (StaleEpoch stale) {
      member.hear(new Heard.Overtaken(stale.seen()));
      return;
    }
    connected = true;
    cluster.connect(
        epoch,
        sight -> {
          if (member.hearsEngine()) {
            member.run(() -> tell(sight));
          }
        });
  }

  /// After a time in which it may have missed something.
  void lookAnew() {
    if (connected && !over) {
      cluster.picture(epoch);
    }
  }

  /// An order is given only while it may be; what is under way then may be late.
  private void order(Effect effect) {
    member.run(
        () -> {
          if (over || !connected || !member.mayAct()) {
            return;
          }
          cluster.strike(member, Moment.ACTED);
          if (member.reachesEngine()) {
            cluster.deliver(member, epoch, effect);
          }
        });
  }

  private void look() {
    Instant next = agenda.values().stream().min(Instant::compareTo).orElse(Instant.MAX);
    if (over || !next.isBefore(nextLook)) {
      return;
    }
    nextLook = next;
    Duration wait = Duration.between(member.wall(), next);
    // Also when the clock jumps meanwhile.
    Duration most = Duration.ofSeconds(5);
    Duration sleep = wait.isNegative() ? Duration.ZERO : wait.compareTo(most) > 0 ? most : wait;
    member.after(sleep.plusMillis(1), this::due);
  }

  private void due() {
    nextLook = Instant.MAX;
    if (over) {
      return;
    }
    var apps = new TreeSet<PathId>();
    agenda.forEach(
        (app, at) -> {
          if (!at.isAfter(member.wall())) {
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
