package dev.slipway.core.scenario;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.Election;
import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.core.leadership.Heard;
import dev.slipway.core.leadership.Lease;
import dev.slipway.core.leadership.Order;
import dev.slipway.core.leadership.ServerId;
import dev.slipway.core.leadership.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/// A server of a cluster: one process with clocks of its own, which may stand still, be killed, or
/// be cut off from the database or the engine, in either direction.
final class Member {
  private final Cluster cluster;
  private final Dice dice;
  private final Candidate me;
  private final double rate;
  private Election election;
  // The lease as the database showed it last.
  private Optional<Lease> shown = Optional.empty();
  private Optional<ClusterTerm> term = Optional.empty();
  private Instant stillUntil = Instant.MIN;
  private Duration wallError = Duration.ZERO;
  private boolean alive = true;
  private long wakes;
  private boolean database = true;
  private boolean orders = true;
  private boolean sights = true;

  Member(Cluster cluster, long seed, int number) {
    this.cluster = cluster;
    dice = new Dice(seed, "member " + number);
    me = new Candidate(new ServerId(new UUID(seed, number)), "server-" + number, "");
    rate = 0.95 + dice.below(100) / 1000.0;
    election = Election.begin(me, ElectionRules.DEFAULT, monotonic());
    hear(new Heard.Woke());
  }

  ServerId id() {
    return me.id();
  }

  Election election() {
    return election;
  }

  Dice dice() {
    return dice;
  }

  boolean isAlive() {
    return alive;
  }

  boolean mayAct() {
    return alive && election.mayAct(monotonic());
  }

  /// The term that decides now, as far as this server knows.
  Optional<ClusterTerm> term() {
    return alive ? term : Optional.empty();
  }

  private Duration monotonic() {
    long passed = Duration.between(Timeline.START, cluster.timeline().now()).toNanos();
    return Duration.ofNanos((long) (passed * rate));
  }

  Instant wall() {
    return cluster.timeline().now().plus(wallError);
  }

  void clockJumps(Duration by) {
    wallError = wallError.plus(by);
  }

  void pause(Duration time) {
    stillUntil = cluster.timeline().now().plus(time);
  }

  void die() {
    alive = false;
    term.ifPresent(ClusterTerm::end);
  }

  void cut(boolean fromDatabase, boolean toEngine, boolean fromEngine) {
    database = !fromDatabase;
    orders = !toEngine;
    sights = !fromEngine;
    if (sights) {
      term.ifPresent(ClusterTerm::lookAnew);
    }
  }

  boolean reachesEngine() {
    return orders;
  }

  boolean hearsEngine() {
    return sights;
  }

  /// Does something in this process: when it does not stand still, if it still is there.
  void run(Runnable what) {
    Duration still = Duration.between(cluster.timeline().now(), stillUntil);
    if (still.isPositive()) {
      cluster.timeline().after(still, () -> run(what));
    } else if (alive) {
      what.run();
    }
  }

  void after(Duration delay, Runnable what) {
    cluster.timeline().after(delay, () -> run(what));
  }

  /// Asks the database. What comes of it is not known where it or the answer is lost on its way.
  <T> void ask(Supplier<T> question, java.util.function.Consumer<Optional<T>> answer) {
    cluster
        .timeline()
        .after(
            cluster.latency(dice),
            () -> {
              Optional<T> result =
                  database && cluster.isDatabaseThere()
                      ? Optional.of(question.get())
                      : Optional.empty();
              boolean lost = result.isEmpty() || !database || cluster.isLost(dice);
              Duration back = lost ? Duration.ofMillis(1200) : cluster.latency(dice);
              after(back, () -> answer.accept(lost ? Optional.empty() : result));
            });
  }

  void hear(Heard heard) {
    run(() -> heard(heard));
  }

  private void heard(Heard heard) {
    Turn turn = election.hear(heard, monotonic(), dice.below(1000) / 1000.0);
    election = turn.election();
    turn.orders().forEach(this::carryOut);
    long wake = ++wakes;
    long sleep = (long) (turn.wake().minus(monotonic()).toNanos() / rate) + 1000;
    after(
        Duration.ofNanos(sleep),
        () -> {
          if (wake == wakes) {
            heard(new Heard.Woke());
          }
        });
  }

  private void carryOut(Order order) {
    switch (order) {
      case Order.ToJournal question ->
          ask(
              () -> answer(question),
              answer -> {
                if (answer.orElse(null) instanceof Heard.LeaseSeen(var lease)) {
                  shown = lease;
                }
                heard(answer.orElse(new Heard.Failed("no answer in time")));
              });
      case Order.BeginTerm(Epoch epoch) -> {
        cluster.leads(epoch, this);
        var begun = new ClusterTerm(cluster, this, epoch);
        term = Optional.of(begun);
        begun.begin();
      }
      case Order.EndTerm _ -> {
        term.ifPresent(ClusterTerm::end);
        term = Optional.empty();
        after(dice.upTo(Duration.ofMillis(200)), () -> heard(new Heard.TermEnded()));
      }
    }
  }

  private Heard.Outcome answer(Order.ToJournal question) {
    SharedJournal journal = cluster.journal();
    return switch (question) {
      case Order.Look() -> new Heard.LeaseSeen(journal.lease());
      case Order.Take(Epoch above) ->
          journal.lease().equals(shown)
              ? new Heard.Taken(journal.take(me, above))
              : new Heard.Stale();
      case Order.Renew(Epoch epoch) ->
          journal.renew(epoch, me.id(), false) ? new Heard.Renewed() : new Heard.Stale();
      case Order.Release(Epoch epoch) ->
          journal.renew(epoch, me.id(), true) ? new Heard.Released() : new Heard.Stale();
    };
  }
}
