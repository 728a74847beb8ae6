package dev.slipway.server;

import dev.slipway.core.leadership.Candidate;
import dev.slipway.core.leadership.Election;
import dev.slipway.core.leadership.ElectionRules;
import dev.slipway.core.leadership.Heard;
import dev.slipway.core.leadership.Role;
import dev.slipway.core.leadership.ServerId;
import dev.slipway.journal.Journal;
import dev.slipway.journal.Recovered;
import dev.slipway.server.control.Mandate;
import dev.slipway.server.forward.Forwarding;
import dev.slipway.server.forward.Passage;
import dev.slipway.server.forward.Surroundings;
import dev.slipway.server.leadership.Candidacy;
import dev.slipway.server.leadership.LeaseDesk;
import dev.slipway.server.leadership.Standby;
import dev.slipway.server.marathon.event.EventStreams;
import dev.slipway.server.secret.SecretStore;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.eclipse.jetty.server.Handler;
import org.jspecify.annotations.Nullable;

/// This server as one of several on a journal: it stands for the lead, follows whoever has it, and
/// passes on to them what it cannot answer itself.
final class Membership implements Surroundings, AutoCloseable {
  /// How long a server that ends waits until it has given the lead back. Longer than a term takes
  /// to end; others take over by themselves otherwise.
  private static final Duration RESIGNING = Duration.ofSeconds(8);

  private final ServerId id = new ServerId(UUID.randomUUID());
  private final ElectionRules rules;
  private final String name;
  private final Journal journal;
  private final Leadership leadership;
  private final Standby standby;
  private final Passage passage;
  private volatile URI self = URI.create("http://localhost");
  private volatile @Nullable Office office;
  private volatile @Nullable Candidacy candidacy;
  private volatile @Nullable LeaseDesk desk;

  /// @param recovered what the journal held when the feed was told of its last events
  Membership(
      ServerSettings settings, Term.Ground ground, Recovered recovered, Leadership leadership) {
    this.rules = settings.member().rules();
    this.name = settings.member().name();
    this.journal = ground.journal();
    this.leadership = leadership;
    this.standby = new Standby(journal, recovered, ground.feed(), this::ring);
    this.passage = new Passage(this);
    leadership.follow(standby::published);
    standby.start();
  }

  /// What makes terms when this server wins the lead.
  void serve(Term.Ground ground, SecretStore secrets, EventStreams events) {
    office = new Office(ground, leadership, standby, secrets, events);
  }

  /// Stands for the lead from now on.
  ///
  /// @param address where other servers reach this one
  void stand(URI address) {
    self = address;
    Office terms = office;
    if (terms == null) {
      throw new IllegalStateException("there is nobody to lead");
    }
    var me = new Candidate(id, name, address.toString());
    var asking = new LeaseDesk(journal, me, rules);
    desk = asking;
    var fresh = new Candidacy(me, rules, asking, terms);
    fresh.onLeader(known -> passage.leaderIs(elsewhere(known)));
    terms.reportTo(fresh::hear);
    candidacy = fresh;
    fresh.start();
  }

  Handler forwarding(Handler next) {
    return new Forwarding(this, passage, next);
  }

  private void ring() {
    Candidacy standing = candidacy;
    if (standing != null) {
      standing.ring();
    }
  }

  private Optional<Candidacy> candidacy() {
    return Optional.ofNullable(candidacy);
  }

  /// Hands the lead over to another server; where there is none, takes it again after a while.
  void abdicate(String reason) {
    leadership.required();
    candidacy().ifPresent(standing -> standing.hear(new Heard.HandOver(reason)));
  }

  /// Gives the lead back, for good. Ends before the lease is given back only when the journal
  /// cannot be reached.
  void resign() {
    standby.rest();
    candidacy().ifPresent(standing -> standing.resign("the server ends", RESIGNING));
  }

  /// The lease as this server knows it.
  ///
  /// @param epoch of the leadership
  record Held(long epoch, Duration length, boolean released) {}

  Optional<Held> lease() {
    Optional<Held> own =
        election()
            .flatMap(Election::term)
            .map(term -> new Held(term.epoch().value(), rules.lease(), false));
    LeaseDesk asking = desk;
    if (own.isPresent() || asking == null) {
      return own;
    }
    return asking
        .seen()
        .map(seen -> new Held(seen.epoch().value(), seen.length(), seen.released()));
  }

  String id() {
    return id.toString();
  }

  String name() {
    return name;
  }

  ElectionRules rules() {
    return rules;
  }

  Optional<Election> election() {
    return candidacy().map(Candidacy::election);
  }

  Optional<Candidate> known() {
    return candidacy().flatMap(Candidacy::leader);
  }

  Role role() {
    return candidacy().map(Candidacy::role).orElse(Role.FOLLOWING);
  }

  /// How often this server won the lead.
  long elections() {
    return candidacy().map(Candidacy::elections).orElse(0L);
  }

  /// Bugs that ended a turn of the candidacy.
  long faults() {
    return candidacy().map(Candidacy::faults).orElse(0L);
  }

  /// For how long the leader's work has stood still, if it does.
  Optional<Duration> stalled() {
    return candidacy().flatMap(Candidacy::stalled);
  }

  /// How the last term of this server ended, and how long ago.
  Optional<Ended> lastTerm() {
    return candidacy()
        .flatMap(
            standing ->
                standing
                    .election()
                    .lastEnd()
                    .map(
                        end ->
                            new Ended(
                                end.epoch().value(),
                                end.reason(),
                                standing.now().minus(end.at()))));
  }

  record Ended(long epoch, String reason, Duration ago) {}

  Optional<String> problem() {
    return leads() ? Optional.empty() : standby.problem();
  }

  /// Why it could not lead now, if so.
  Optional<String> unfit() {
    return election().filter(standing -> standing.term().isEmpty()).flatMap(Election::unfit);
  }

  private Optional<URI> elsewhere(Optional<Candidate> leader) {
    return leader
        .filter(known -> !known.id().equals(id) && !known.address().isEmpty())
        .map(known -> URI.create(known.address()));
  }

  @Override
  public boolean leads() {
    return leadership.term().map(Term::mandate).filter(Mandate::holds).isPresent();
  }

  @Override
  public Optional<URI> leader() {
    return elsewhere(known());
  }

  @Override
  public URI self() {
    return self;
  }

  @Override
  public Duration lag() {
    return standby.lag();
  }

  @Override
  public boolean blind() {
    return standby.problem().isPresent();
  }

  @Override
  public long sequence() {
    return leadership.published().sequence();
  }

  @Override
  public boolean await(long sequence, Duration atMost) throws InterruptedException {
    return leads() || standby.await(sequence, atMost);
  }

  /// The leader's address, this server's own while it leads.
  Optional<URI> leaderAddress() {
    return leads() ? Optional.of(self) : leader();
  }

  @Override
  public void close() {
    candidacy().ifPresent(Candidacy::close);
    Office terms = office;
    if (terms != null) {
      terms.close();
    }
    passage.close();
    standby.close();
  }
}
