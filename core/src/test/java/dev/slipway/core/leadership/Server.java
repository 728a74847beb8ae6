package dev.slipway.core.leadership;

import dev.slipway.core.engine.Epoch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Drives the election of one server by hand: tells what is heard at which time, and keeps what is
/// ordered until the test took it.
final class Server {
  static final Candidate ME = candidate(1);
  static final Candidate OTHER = candidate(2);

  private final List<Order> orders = new ArrayList<>();
  private Duration now = Duration.ofSeconds(100);
  private Turn turn;
  private double chance;

  private Server(ElectionRules rules) {
    turn = new Turn(Election.begin(ME, rules, now), List.of(), now);
    hear(new Heard.Woke());
  }

  static Server standing() {
    return new Server(ElectionRules.DEFAULT);
  }

  static Server withoutRivals() {
    return new Server(ElectionRules.withoutRivals());
  }

  /// One that took a lease that nobody held, which began its term.
  static Server leading() {
    var server = standing();
    server.finds(Optional.empty());
    server.wakes();
    server.finds(Optional.empty());
    server.hear(new Heard.Taken(new Epoch(1)));
    server.hear(new Heard.TermBegan(new Epoch(1)));
    server.ordered();
    return server;
  }

  static Candidate candidate(int number) {
    return new Candidate(
        new ServerId(new UUID(0, number)), "server-" + number, "http://10.0.0." + number);
  }

  static Lease lease(int epoch, Candidate holder, int renewal) {
    return new Lease(new Epoch(epoch), holder, renewal, ElectionRules.DEFAULT.lease(), false);
  }

  static Lease released(int epoch, Candidate holder) {
    return new Lease(new Epoch(epoch), holder, 7, ElectionRules.DEFAULT.lease(), true);
  }

  void chance(double next) {
    chance = next;
  }

  void hear(Heard heard) {
    turn = turn.election().hear(heard, now, chance);
    orders.addAll(turn.orders());
  }

  void finds(Lease lease) {
    finds(Optional.of(lease));
  }

  void finds(Optional<Lease> lease) {
    hear(new Heard.LeaseSeen(lease));
  }

  void fails() {
    hear(new Heard.Failed("connection refused"));
  }

  void passes(Duration time) {
    now = now.plus(time);
  }

  /// Time passes until it wants to be woken, which it is.
  void wakes() {
    now = turn.wake();
    hear(new Heard.Woke());
  }

  /// Wakes until it orders something; tells how long that took.
  Duration untilOrder() {
    Duration from = now;
    for (int i = 0; orders.isEmpty() && i < 1000; i++) {
      wakes();
    }
    return now.minus(from);
  }

  /// What was ordered since this was asked last.
  List<Order> ordered() {
    List<Order> all = List.copyOf(orders);
    orders.clear();
    return all;
  }

  Duration now() {
    return now;
  }

  Election election() {
    return turn.election();
  }

  Duration wake() {
    return turn.wake();
  }

  Role role() {
    return election().role(now);
  }
}
