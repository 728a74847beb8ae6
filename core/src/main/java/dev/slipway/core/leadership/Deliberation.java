package dev.slipway.core.leadership;

import dev.slipway.core.engine.Epoch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One turn of an {@link Election}: takes what was heard for what it says, then does what is due.
final class Deliberation {
  /// With nothing else to wait for, it looks about so often; what it waits for is heard of anyway.
  private static final Duration IDLE = Duration.ofSeconds(10);

  private final Candidate me;
  private final ElectionRules rules;
  private final Duration now;
  private final double chance;
  private final List<Order> orders = new ArrayList<>();
  private Stage stage;
  private Election.@Nullable Asked asked;
  private @Nullable Sighting seen;
  private Epoch highest;
  private int failures;
  private @Nullable String stopping;
  private @Nullable Duration unreadableSince;
  private Optional<Election.TermEnd> lastEnd;
  private @Nullable String unfit;

  Deliberation(Election election, Duration now, double chance) {
    this.me = election.me();
    this.rules = election.rules();
    this.now = now;
    this.chance = chance;
    this.stage = election.stage();
    this.asked = election.asked().orElse(null);
    this.seen = election.seen().orElse(null);
    this.highest = election.highest();
    this.failures = election.failures();
    this.stopping = election.stopping().orElse(null);
    this.unreadableSince = election.unreadableSince().orElse(null);
    this.lastEnd = election.lastEnd();
    this.unfit = election.unfit().orElse(null);
  }

  void take(Heard heard) {
    switch (heard) {
      case Heard.Woke() -> {}
      case Heard.Outcome outcome -> {
        Election.Asked answered = asked;
        if (answered != null) {
          asked = null;
          answered(answered, outcome);
        }
      }
      case Heard.LeaseChanged() -> {
        if (stage instanceof Stage.Standby standby) {
          stage = standby.looking(now);
        }
      }
      case Heard.FenceSeen(Epoch epoch) -> {
        know(epoch);
        if (stage instanceof Stage.Leading(Term term) && epoch.compareTo(term.epoch()) > 0) {
          lose("epoch %d follows it".formatted(epoch.value()));
        }
      }
      case Heard.Overtaken(Epoch by) -> {
        know(by);
        lose(refusal(by));
      }
      case Heard.TermFailed(String problem) -> fail(problem);
      case Heard.TermBegan(Epoch epoch) -> {
        if (stage instanceof Stage.Leading(Term term) && term.epoch().equals(epoch)) {
          stage = new Stage.Leading(term.opened());
        }
      }
      case Heard.TermEnded() -> termEnded();
      case Heard.Progress(Strand strand, boolean made, boolean pending) -> {
        if (stage instanceof Stage.Leading(Term term)) {
          stage = new Stage.Leading(term.progress(strand, made, pending, now));
        }
      }
      case Heard.Fit() -> {
        boolean wasUnfit = unfit != null;
        unfit = null;
        if (wasUnfit && stage instanceof Stage.Standby standby) {
          stage = standby.looking(now);
        }
      }
      case Heard.Unfit(String reason) -> unfit = reason;
      case Heard.HandOver(String reason) -> {
        Duration rest = rules.handedOverRest();
        end(reason, true, rest.plus(ElectionRules.part(rest, chance)));
      }
      case Heard.Stop(String reason) -> {
        stopping = stopping == null ? reason : stopping;
        end(reason, true, Duration.ZERO);
      }
    }
  }

  private void know(Epoch epoch) {
    highest = epoch.compareTo(highest) > 0 ? epoch : highest;
  }

  private void answered(Election.Asked question, Heard.Outcome outcome) {
    switch (question.order()) {
      case Order.Look() -> looked(question.at(), outcome);
      case Order.Take(Epoch above) -> taken(above, question.at(), outcome);
      case Order.Renew(Epoch epoch) -> renewed(epoch, question.at(), outcome);
      case Order.Release _ -> {
        if (stage instanceof Stage.Releasing(_, Duration rested)) {
          stand(rested);
        }
      }
    }
  }

  private void looked(Duration at, Heard.Outcome outcome) {
    if (!(outcome instanceof Heard.LeaseSeen(Optional<Lease> lease))) {
      unreadableSince = unreadableSince == null ? now : unreadableSince;
      return;
    }
    unreadableSince = null;
    lease.ifPresent(held -> know(held.epoch()));
    seen = seen == null ? Sighting.first(lease, at, now) : seen.then(lease, at, now);
    if (stage instanceof Stage.Standby standby) {
      stage = weigh(standby, seen, at);
    }
  }

  /// Whether to take the lease, and when to look again. One that its holder gave back is taken at
  /// once: of several who do the journal lets one, and the others follow it. Any other that is free
  /// is taken after a while, so that not all who wait for it do the same, and only when another
  /// look shows that it still is.
  private Stage weigh(Stage.Standby standby, Sighting sighting, Duration looked) {
    Duration again = earlier(standby.lookAt(), now.plus(rules.lookEvery()));
    if (!sighting.free(me.id())) {
      return standby.held(earlier(again, later(sighting.over(), now)));
    }
    if (unfit != null) {
      return standby.held(again);
    }
    if (sighting.givenBack() && now.compareTo(standby.rested()) >= 0) {
      ask(new Order.Take(highest));
      return new Stage.Taking();
    }
    if (standby.takeAt().isEmpty()) {
      Duration take =
          later(now, standby.rested()).plus(ElectionRules.part(rules.hesitation(), chance));
      return standby.taking(earlier(again, take), take);
    }
    if (looked.compareTo(standby.takeAt().get()) < 0) {
      return standby.looking(earlier(again, standby.takeAt().get()));
    }
    ask(new Order.Take(highest));
    return new Stage.Taking();
  }

  private void taken(Epoch above, Duration at, Heard.Outcome outcome) {
    if (!(stage instanceof Stage.Taking)) {
      return;
    }
    if (outcome instanceof Heard.Stale) {
      // Somebody was faster, who is followed now.
      stand(now);
      return;
    }
    if (!(outcome instanceof Heard.Taken(Epoch epoch))) {
      failures++;
      stand(now.plus(rules.rest(failures, chance)));
      return;
    }
    boolean late = now.compareTo(at.plus(rules.authority())) >= 0;
    // An epoch may have been heard of since.
    boolean low = epoch.compareTo(above) <= 0 || epoch.compareTo(highest) <= 0;
    know(epoch);
    if (late || low || stopping != null) {
      failures++;
      stage = new Stage.Releasing(epoch, now.plus(rules.rest(failures, chance)));
      return;
    }
    stage = new Stage.Leading(Term.begin(epoch, at, now, rules));
    orders.add(new Order.BeginTerm(epoch));
  }

  private void renewed(Epoch epoch, Duration at, Heard.Outcome outcome) {
    if (!(stage instanceof Stage.Leading(Term term)) || !term.epoch().equals(epoch)) {
      return;
    }
    switch (outcome) {
      case Heard.Renewed() -> {
        // A renewal that was heard of too late does not bring back what has ended meanwhile.
        if (now.compareTo(term.until(rules)) < 0) {
          stage = new Stage.Leading(term.renewed(at, rules));
        }
      }
      case Heard.Stale() -> lose("the lease is of another epoch");
      case Heard.Failed(String problem) ->
          stage = new Stage.Leading(term.notRenewed(problem, now.plus(rules.renewAgain())));
      case Heard.LeaseSeen _, Heard.Taken _, Heard.Released _ -> {
        String problem = "no answer to a renewal: " + outcome;
        stage = new Stage.Leading(term.notRenewed(problem, now.plus(rules.renewAgain())));
      }
    }
  }

  private void termEnded() {
    switch (stage) {
      case Stage.Ending(Epoch epoch, boolean release, Duration rested) -> {
        if (release) {
          stage = new Stage.Releasing(epoch, rested);
        } else {
          stand(rested);
        }
      }
      case Stage.Leading _ -> fail("it ended by itself");
      case Stage.Standby _, Stage.Taking _, Stage.Releasing _, Stage.Stopped _ -> {}
    }
  }

  /// Who refused the term need not have told which epoch it knows.
  private String refusal(Epoch by) {
    boolean own = stage instanceof Stage.Leading(Term term) && by.compareTo(term.epoch()) <= 0;
    return own
        ? "its epoch %d was refused: another one leads".formatted(by.value())
        : "it was refused as older than epoch %d".formatted(by.value());
  }

  /// Ends a term whose lease is another's, or may be.
  private void lose(String reason) {
    endFailed(reason, false);
  }

  /// Ends a term whose lease another server had better take.
  private void fail(String reason) {
    endFailed(reason, true);
  }

  private void endFailed(String reason, boolean release) {
    if (stage instanceof Stage.Leading(Term term)) {
      boolean steady = now.compareTo(term.began().plus(rules.steadyAfter())) >= 0;
      failures = steady ? 1 : failures + 1;
      end(reason, release, rules.rest(failures, chance));
    }
  }

  private void end(String reason, boolean release, Duration rest) {
    if (stage instanceof Stage.Leading(Term term)) {
      lastEnd = Optional.of(new Election.TermEnd(term.epoch(), reason, now));
      stage = new Stage.Ending(term.epoch(), release, now.plus(rest));
      orders.add(new Order.EndTerm(term.epoch(), reason));
    }
  }

  private void stand(Duration rested) {
    stage = new Stage.Standby(now, now, Optional.empty(), rested);
  }

  private void ask(Order.ToJournal order) {
    asked = new Election.Asked(order, now);
    orders.add(order);
  }

  Turn conclude() {
    Duration wake = later(due(), now.plusNanos(1));
    var next =
        new Election(
            me,
            rules,
            stage,
            Optional.ofNullable(asked),
            Optional.ofNullable(seen),
            highest,
            failures,
            Optional.ofNullable(stopping),
            Optional.ofNullable(unreadableSince),
            lastEnd,
            Optional.ofNullable(unfit));
    return new Turn(next, orders, wake);
  }

  /// Does what is due, and tells when to look again.
  private Duration due() {
    return switch (stage) {
      case Stage.Standby standby -> standBy(standby);
      case Stage.Leading(Term term) -> lead(term);
      case Stage.Releasing(Epoch epoch, _) -> {
        if (asked == null) {
          ask(new Order.Release(epoch));
        }
        yield now.plus(IDLE);
      }
      case Stage.Taking _, Stage.Ending _, Stage.Stopped _ -> now.plus(IDLE);
    };
  }

  private Duration standBy(Stage.Standby standby) {
    if (stopping != null) {
      stage = new Stage.Stopped();
      return now.plus(IDLE);
    }
    if (asked != null) {
      return now.plus(IDLE);
    }
    Duration look = later(standby.lookAt(), standby.paused());
    if (now.compareTo(look) < 0) {
      return look;
    }
    stage = standby.asked(now.plus(rules.lookEvery()), now.plus(rules.lookPause()));
    ask(new Order.Look());
    return now.plus(IDLE);
  }

  private Duration lead(Term term) {
    Duration until = term.until(rules);
    if (now.compareTo(until) >= 0) {
      lose(
          "its lease was not renewed for %d ms%s"
              .formatted(
                  now.minus(term.renewed()).toMillis(),
                  term.trouble().map(problem -> ": " + problem).orElse("")));
      return now.plus(IDLE);
    }
    Optional<Duration> stalled = term.stalledSince().map(at -> at.plus(rules.stalledAfter()));
    if (stalled.isPresent() && now.compareTo(stalled.get()) >= 0) {
      Strand stuck = term.stuck().orElseThrow().getKey();
      fail(stuck.standstill(rules.stalledAfter().toSeconds()));
      return now.plus(IDLE);
    }
    if (stopping != null) {
      end(stopping, true, Duration.ZERO);
      return now.plus(IDLE);
    }
    Duration wake = stalled.map(at -> earlier(at, until)).orElse(until);
    if (asked != null) {
      return wake;
    }
    if (now.compareTo(term.renewNext()) < 0) {
      return earlier(wake, term.renewNext());
    }
    ask(new Order.Renew(term.epoch()));
    return wake;
  }

  private static Duration earlier(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static Duration later(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }
}
