package dev.slipway.server;

import dev.slipway.core.control.Decider;
import dev.slipway.core.control.Decision;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Memory;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Fenced;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.leadership.Heard;
import dev.slipway.core.leadership.Strand;
import dev.slipway.core.state.State;
import dev.slipway.server.control.ControlLoop;
import dev.slipway.server.control.Mandate;
import dev.slipway.server.control.Published;
import dev.slipway.server.control.TermOver;
import dev.slipway.server.leadership.Standby;
import dev.slipway.server.leadership.Terms;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.secret.SecretStore;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// What a server among several does when it wins and loses the lead: makes a [Term] of what the
/// standby knows, and gives back to it what the term left.
final class Office implements Terms, AutoCloseable {
  private final Term.Ground ground;
  private final Reserve reserve;
  private final Leadership leadership;
  private final Standby standby;
  private final SecretStore secrets;
  private final EventStreams events;
  private volatile Consumer<Heard> candidacy = heard -> {};

  Office(
      Term.Ground ground,
      Leadership leadership,
      Standby standby,
      SecretStore secrets,
      EventStreams events) {
    this.reserve = new Reserve(ground.engines());
    this.ground = ground.with(reserve::take);
    this.leadership = leadership;
    this.standby = standby;
    this.secrets = secrets;
    this.events = events;
  }

  /// Whom to tell that a term cannot go on.
  void reportTo(Consumer<Heard> told) {
    candidacy = told;
  }

  @Override
  public Epoch prepare() throws IOException {
    secrets.requireKeys();
    Fenced fenced = reserve.look();
    SeenTasks.check(fenced, standby.published().state());
    return fenced.epoch();
  }

  /// What the leadership would decide first. Deciding is pure: nothing comes of it.
  @Override
  public void rehearse() {
    State known = standby.published().state();
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    var memory = new Memory();
    var lead = new Input.TakeLeadership(known.platform().epoch().next(), known.platform().id());
    Decision led = Decider.decide(known, lead, now, memory);
    reserve
        .rehearse()
        .ifPresent(
            picture -> Decider.decide(led.after(), new Input.EngineSeen(picture), now, memory));
  }

  @Override
  public void begin(Epoch epoch, Mandate mandate) throws IOException {
    forget();
    secrets.requireKeys();
    Published known = standby.lead();
    try {
      var entry = new Term.Entry(known, epoch, mandate);
      Term term = Term.begin(ground, entry, over -> candidacy.accept(heard(over, epoch)));
      leadership.enter(term);
      term.adopt();
      secrets.start();
    } catch (StaleEpoch stale) {
      standby.follow(known);
      candidacy.accept(new Heard.FenceSeen(stale.seen()));
      throw stale;
    } catch (IOException | RuntimeException failure) {
      standby.follow(known);
      throw failure;
    }
  }

  private static Heard heard(TermOver over, Epoch epoch) {
    return switch (over.cause()) {
      case DEPOSED -> new Heard.Overtaken(over.by().orElse(epoch));
      case HISTORY_LOST, UNSURE, BROKEN, ENGINE -> new Heard.TermFailed(over.message());
    };
  }

  @Override
  public void end(String reason) {
    leadership
        .term()
        .ifPresent(
            term -> {
              term.suspend();
              leadership.suspend();
              standby.follow(term.loop().published());
              // Their clients come back to whoever leads then, with the id of the last event.
              events.endAll();
            });
  }

  @Override
  public void forget() {
    if (leadership.term().isEmpty()) {
      leadership.shown().ifPresent(Term::close);
      leadership.leave();
    }
  }

  @Override
  public List<Work> work() {
    long decided = ground.counters().inputs().get();
    Optional<Term> term = leadership.term();
    boolean deciding = term.map(Term::loop).filter(ControlLoop::isBusy).isPresent();
    return List.of(
        new Work(Strand.DECIDING, decided, deciding),
        new Work(
            Strand.ORDERING,
            term.map(Term::engineAnswers).orElse(0L),
            term.filter(Term::awaitsEngine).isPresent()));
  }

  @Override
  public void close() {
    reserve.close();
  }
}
