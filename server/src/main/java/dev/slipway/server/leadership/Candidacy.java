package dev.slipway.server.leadership;

import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.Election;
import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.core.leadership.Heard;
import dev.slipway.core.leadership.Order;
import dev.slipway.core.leadership.Role;
import dev.slipway.core.leadership.Turn;
import dev.slipway.server.control.Threads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Drives this server's [Election]: tells it what happens and the time, and carries out what it
/// orders. One thread does, which never ends before it is closed: a fault in one turn is logged and
/// counts as if that turn had not been. Journal and terms are asked on threads of their own, so
/// that none of them keeps it from its clock.
public final class Candidacy implements AutoCloseable {
  /// How often it is told whether the leader gets on.
  private static final Duration PROGRESS = Duration.ofSeconds(1);

  /// After a fault, so that one that repeats does not spin.
  private static final Duration REST = Duration.ofSeconds(1);

  /// What may wait to be heard. Everything that comes is an answer or rare, but for the bell of the
  /// journal, which waits once at most.
  private static final int MAX_HEARD = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Candidacy.class);

  private final long origin = System.nanoTime();
  private final LeaseDesk desk;
  private final TermRunner terms;
  private final Preparation preparation;
  private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>(MAX_HEARD);
  private final AtomicBoolean rung = new AtomicBoolean();
  private final AtomicLong faults = new AtomicLong();
  private final AtomicLong elections = new AtomicLong();
  private final Thread thread = Thread.ofPlatform().name("candidacy").daemon().unstarted(this::run);
  private volatile Consumer<Optional<Candidate>> leaders = leader -> {};
  private volatile Election election;
  private volatile boolean closed;
  // Used by the thread alone.
  private Duration nextProgress = Duration.ZERO;
  private Optional<Candidate> leaderBefore = Optional.empty();

  /// @param desk asks the journal
  /// @param terms what is done with the lead
  public Candidacy(Candidate me, ElectionRules rules, LeaseDesk desk, Terms terms) {
    this.election = Election.begin(me, rules, Duration.ZERO);
    this.desk = desk;
    this.terms = new TermRunner(terms, this::hear);
    this.preparation = new Preparation(terms, this::isIdle, this::hear);
  }

  private boolean isIdle() {
    return switch (role()) {
      case FOLLOWING, RESTING, CONTENDING -> true;
      case STARTING, LEADING, ENDING, STOPPED -> false;
    };
  }

  /// Whom to tell when another server leads, or nobody any more; it returns at once.
  public void onLeader(Consumer<Optional<Candidate>> listener) {
    leaders = listener;
  }

  public void start() {
    hear(new Heard.Unfit("its engine was not looked at yet"));
    terms.start();
    thread.start();
    preparation.start();
  }

  /// Tells it something. Any thread may.
  public void hear(Heard news) {
    if (!heard.offer(news)) {
      LOG.error("candidacy.deaf news={}", news.getClass().getSimpleName());
    }
  }

  /// The journal rang: the lease may have changed.
  public void ring() {
    if (rung.compareAndSet(false, true)) {
      hear(new Heard.LeaseChanged());
    }
  }

  public Role role() {
    return election.role(now());
  }

  /// Who leads, as far as this server knows.
  public Optional<Candidate> leader() {
    return election.leader(now());
  }

  public Election election() {
    return election;
  }

  /// How often this server took the lead.
  public long elections() {
    return elections.get();
  }

  /// Turns that a bug ended.
  public long faults() {
    return faults.get();
  }

  /// Since when the leader's work has stood still, if it does.
  public Optional<Duration> stalled() {
    return election.term().flatMap(term -> term.stalledSince()).map(since -> now().minus(since));
  }

  /// By the clock that the election goes by.
  public Duration now() {
    return Duration.ofNanos(System.nanoTime() - origin);
  }

  private void run() {
    Duration wake = Duration.ZERO;
    while (!closed) {
      try {
        Heard next = heard.poll(Math.max(0, pause(wake).toNanos()), TimeUnit.NANOSECONDS);
        if (next instanceof Heard.LeaseChanged) {
          rung.set(false);
        }
        wake = turn(next == null ? new Heard.Woke() : next);
        report();
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException fault) {
        faults.incrementAndGet();
        LOG.error("candidacy.fault", fault);
        wake = now().plus(REST);
      }
    }
  }

  private Duration pause(Duration wake) {
    boolean leads = election.term().isPresent();
    Duration until = leads && nextProgress.compareTo(wake) < 0 ? nextProgress : wake;
    return until.minus(now());
  }

  /// Tells the election once a second whether the leader gets on.
  private void report() {
    if (election.term().isPresent() && now().compareTo(nextProgress) >= 0) {
      nextProgress = now().plus(PROGRESS);
      for (Heard.Progress progress : terms.progress()) {
        turn(progress);
      }
    }
  }

  private Duration turn(Heard news) {
    Turn turn = election.hear(news, now(), ThreadLocalRandom.current().nextDouble());
    election = turn.election();
    election.authority().ifPresent(until -> terms.extendMandate(origin + until.toNanos()));
    for (Order order : turn.orders()) {
      carryOut(order);
    }
    tellOfLeader();
    return turn.wake();
  }

  private void carryOut(Order order) {
    switch (order) {
      case Order.ToJournal question -> desk.ask(question, this::hear);
      case Order.BeginTerm(var epoch) -> {
        elections.incrementAndGet();
        LOG.info("leadership.won epoch={}", epoch.value());
        Duration until = election.authority().orElseGet(this::now);
        terms.begin(epoch, origin + until.toNanos());
      }
      case Order.EndTerm(var epoch, String reason) -> {
        LOG.warn("leadership.ends epoch={} reason=\"{}\"", epoch.value(), reason);
        terms.end(epoch, reason);
        // What was true before the term need not be so any more.
        hear(new Heard.Unfit("its engine was not looked at since it led"));
      }
    }
  }

  private void tellOfLeader() {
    Optional<Candidate> leader = leader();
    if (leader.equals(leaderBefore)) {
      return;
    }
    leaderBefore = leader;
    leaders.accept(leader);
    LOG.info("leader.known leader={}", leader.map(Candidate::name).orElse("nobody"));
    if (leader.isPresent() && !leader.get().id().equals(election.me().id())) {
      terms.forget();
    }
  }

  /// Hands over, and waits until the lease is given back or `patience` has passed; stands no more.
  public void resign(String reason, Duration patience) {
    hear(new Heard.Stop(reason));
    long end = System.nanoTime() + patience.toNanos();
    try {
      while (role() != Role.STOPPED && thread.isAlive() && System.nanoTime() - end < 0) {
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    closed = true;
    Threads.end(thread, Duration.ofSeconds(5));
    preparation.close();
    terms.close();
  }
}
