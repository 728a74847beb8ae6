package dev.slipway.core.scenario;

import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Effect;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.Fenced;
import dev.slipway.core.leadership.ServerId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Several servers, one database and one engine, on virtual time. The engine refuses epochs below
/// the highest that connected to it.
final class Cluster {
  private static final Duration LATEST = Duration.ofSeconds(5);

  /// What befalls members at the moments of their work.
  interface Strikes {
    void strike(Member member, Moment moment);
  }

  private final Timeline timeline = new Timeline();
  private final SharedJournal journal = new SharedJournal();
  private final SimulatedEngine engine = new SimulatedEngine(timeline, timeline::now);
  private final List<Member> members = new ArrayList<>();
  private final Map<String, Instant> lanes = new HashMap<>();
  private final Map<Epoch, ServerId> leaders = new TreeMap<>();
  private final Map<Epoch, ServerId> accepted = new TreeMap<>();
  private final long seed;
  private final Dice dice;
  private Optional<Epoch> listening = Optional.empty();
  private Strikes strikes = (member, moment) -> {};
  private boolean rough = true;
  private boolean databaseThere = true;
  private long batches;

  Cluster(long seed, int count, int machines) {
    this.seed = seed;
    dice = new Dice(seed, "cluster");
    engine.takeNamesOnce();
    for (int i = 1; i <= machines; i++) {
      engine.offer(Scenario.node(i, Resources.of(4, 4096, 4096, 0)));
    }
    for (int i = 0; i < count; i++) {
      join();
    }
  }

  Timeline timeline() {
    return timeline;
  }

  SharedJournal journal() {
    return journal;
  }

  SimulatedEngine engine() {
    return engine;
  }

  void strikes(Strikes next) {
    strikes = next;
  }

  void strike(Member member, Moment moment) {
    strikes.strike(member, moment);
  }

  /// Nothing is lost or late any more.
  void calm() {
    rough = false;
    databaseThere = true;
  }

  void database(boolean there) {
    databaseThere = there;
  }

  boolean isDatabaseThere() {
    return databaseThere;
  }

  Duration latency(Dice of) {
    return rough && of.oneIn(50)
        ? of.upTo(Duration.ofSeconds(2))
        : Duration.ofMillis(1 + of.below(4));
  }

  boolean isLost(Dice of) {
    return rough && of.oneIn(100);
  }

  long nextBatch() {
    return ++batches;
  }

  void join() {
    members.add(new Member(this, seed, members.size() + 1));
  }

  List<Member> alive() {
    return members.stream().filter(Member::isAlive).toList();
  }

  /// The term that clients would reach: of whoever decides and was elected last.
  Optional<ClusterTerm> leader() {
    Optional<ClusterTerm> found = Optional.empty();
    Epoch highest = new Epoch(0);
    for (Member member : alive()) {
      Optional<ClusterTerm> term = member.term().filter(ClusterTerm::isReady);
      if (term.isPresent() && term.get().epoch().compareTo(highest) > 0) {
        found = term;
        highest = term.get().epoch();
      }
    }
    return found;
  }

  /// An epoch belongs to one server, unless a failover lost that it was given out.
  void leads(Epoch epoch, Member member) {
    ServerId before = leaders.put(epoch, member.id());
    Rule.EPOCH.holds(
        before == null || journal.lostCommits() > 0, "%s of %s and %s", epoch, before, member.id());
  }

  /// What a term asks the engine before it begins.
  Fenced fence() {
    return new Fenced(engine.epoch(), Optional.empty(), 0, "the simulation", "", "");
  }

  void connect(Epoch epoch, Consumer<Input> server) {
    Rule.EPOCH.holds(epoch.compareTo(engine.epoch()) > 0, "%s after %s", epoch, engine.epoch());
    listening = Optional.of(epoch);
    var calm = new Network(timeline, dice);
    engine.connect(new SightLine(timeline, calm, dice, server), epoch);
  }

  void picture(Epoch epoch) {
    if (listening.filter(epoch::equals).isPresent()) {
      engine.picture();
    }
  }

  /// Orders for one task keep their order, however late they are.
  void deliver(Member from, Epoch epoch, Effect effect) {
    String lane = epoch + from.id().toString() + subject(effect);
    Duration delay = rough && dice.oneIn(20) ? dice.upTo(LATEST) : Duration.ofMillis(dice.below(5));
    Instant now = timeline.now();
    Instant at = now.plus(delay);
    Instant last = lanes.getOrDefault(lane, now);
    at = at.isBefore(last) ? last : at;
    lanes.put(lane, at);
    timeline.after(Duration.between(now, at), () -> arrives(from, epoch, effect));
  }

  private void arrives(Member from, Epoch epoch, Effect effect) {
    if (epoch.compareTo(engine.epoch()) >= 0) {
      ServerId owner = accepted.putIfAbsent(epoch, from.id());
      Rule.EPOCH.holds(
          owner == null || owner.equals(from.id()),
          "%s is taken from %s and %s",
          epoch,
          owner,
          from.id());
    }
    engine.carryOut(effect);
  }

  private static String subject(Effect effect) {
    return switch (effect) {
      case Effect.Launch launch -> launch.launch().id().value();
      case Effect.Kill kill -> kill.task().value();
      case Effect.DestroyVolume destroy -> destroy.volume().value();
      case Effect.ReportStray stray -> stray.task().value();
    };
  }
}
