package dev.slipway.server;

import dev.slipway.core.leadership.Candidate;
import dev.slipway.server.api.ServerHealth;
import dev.slipway.server.api.ServersText;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/// What people and monitors are told of a server among several.
record MemberView(Membership member) {

  ServersText servers() {
    boolean leads = member.leads();
    ServersText.Leader leader =
        member
            .known()
            .map(known -> new ServersText.Leader(known.name(), known.address()))
            .orElse(null);
    ServersText.Lease lease =
        member
            .lease()
            .map(
                held ->
                    new ServersText.Lease(held.epoch(), held.length().toMillis(), held.released()))
            .orElse(null);
    ServersText.End end =
        member
            .lastTerm()
            .map(last -> new ServersText.End(last.epoch(), last.reason(), last.ago().toMillis()))
            .orElse(null);
    var self =
        new ServersText.Self(
            member.id(),
            member.name(),
            member.self().toString(),
            role(),
            member.sequence(),
            leads ? null : member.lag().toMillis(),
            member.stalled().map(Duration::toMillis).orElse(null),
            member.problem().orElse(null),
            member.unfit().orElse(null),
            end);
    return new ServersText(leader, lease, self);
  }

  /// Of a server that nobody shares a journal with.
  static ServersText alone(Leadership leadership, String address) {
    return new ServersText(
        new ServersText.Leader("", address),
        null,
        new ServersText.Self(
            "",
            "",
            address,
            "leading",
            leadership.published().sequence(),
            null,
            null,
            null,
            null,
            null));
  }

  private String role() {
    return member.role().name().toLowerCase(Locale.ROOT);
  }

  /// For `/health`.
  ServerHealth.Member health() {
    return new ServerHealth.Member(
        role(),
        member.lastTerm().map(end -> "epoch %d: %s".formatted(end.epoch(), end.reason())),
        member.unfit());
  }

  Map<String, LongSupplier> counters() {
    return Map.of(
        "leadership.elections", member::elections,
        "leadership.faults", member::faults);
  }

  Map<String, LongSupplier> gauges() {
    return Map.of(
        "leadership.held",
        () -> member.leads() ? 1 : 0,
        "leadership.epoch",
        () -> member.lease().map(Membership.Held::epoch).orElse(0L),
        "leadership.known",
        () -> member.known().map(Candidate::id).isPresent() ? 1 : 0,
        "leadership.stalled.millis",
        () -> member.stalled().map(Duration::toMillis).orElse(0L),
        "standby.lag.millis",
        () -> member.leads() ? 0 : member.lag().toMillis());
  }
}
