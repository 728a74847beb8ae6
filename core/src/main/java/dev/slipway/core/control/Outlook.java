package dev.slipway.core.control;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.placement.Request;
import dev.slipway.core.state.Nomination;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// What instances that wait may expect of others of lower priority, for those who ask why they
/// wait. For one state and one thread; who stands where is found out once.
public final class Outlook {
  private final State state;
  private final Instant now;
  private final Tenancy tenancy = new Tenancy();
  private final Map<Request, Optional<String>> known = new HashMap<>();

  public Outlook(State state, Instant now) {
    this.state = state;
    this.now = now;
  }

  /// Which room is kept for an instance: `waits until n2 has ended 2 instances of lower priority`.
  public Optional<String> of(Instance waiting) {
    return state.nominations().of(waiting.id()).map(this::keeps);
  }

  /// Why one on a silent node is not replaced although its app waits no longer.
  public Optional<String> ofUnreachable(Instance silent) {
    return Silence.outlook(state, silent, now);
  }

  private String keeps(Nomination nomination) {
    int left = 0;
    for (InstanceId victim : nomination.victims()) {
      left += state.instance(victim).isPresent() ? 1 : 0;
    }
    String what = left == 0 ? "what is being ended there" : count(left) + " of lower priority";
    return "waits until %s has ended %s".formatted(nomination.place().node(), what);
  }

  private static String count(int instances) {
    return instances == 1 ? "1 instance" : instances + " instances";
  }

  /// What an app of higher priority that fits nowhere may expect of others: `2 instances of lower
  /// priority on n2 would make room for it at 10:00:05, since 60 were ended within a minute`;
  /// nothing where none has a lower one.
  public Optional<String> of(AppSpec app) {
    Request request = LaunchRequest.of(state, app);
    if (request.scheduling().priority() <= tenancy.span(state).lowest()) {
      return Optional.empty();
    }
    return known.computeIfAbsent(request.alike(), this::outlook);
  }

  private Optional<String> outlook(Request request) {
    PlacementPolicy.Preemption policy = state.placementPolicy().preemption();
    if (!policy.enabled()) {
      return Optional.of("the placement policy lets nobody make room for higher priorities");
    }
    tenancy.follow(state, now);
    VictimSearch search = Preemption.search(state, tenancy, Optional.empty(), request, now);
    Optional<Sacrifice> least = search.least(tenancy.worthLooking(state, request));
    if (least.isEmpty()) {
      return Optional.of(
          "no node has instances of lower priority that would make enough room and may be ended");
    }
    int victims = least.get().victims().size();
    int spent = state.nominations().spent(now);
    String room = "%s on %s".formatted(count(victims), least.get().node().id());
    return Optional.of(
        victims > 0 && spent + victims > policy.victimsPerMinute()
            ? "%s of lower priority will be ended for it at %s: %d of %d were within a minute"
                .formatted(
                    room,
                    Timestamps.format(
                        state.nominations().renewed(now, victims, policy.victimsPerMinute())),
                    spent,
                    policy.victimsPerMinute())
            : room + " of lower priority can be ended for it");
  }
}
