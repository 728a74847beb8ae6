package dev.slipway.core.control;

import dev.slipway.core.app.App;
import dev.slipway.core.control.Tenancy.Tenant;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.core.placement.Request;
import dev.slipway.core.placement.Vacancy;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Nomination;
import dev.slipway.core.state.Nominations;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes room for an instance that fits nowhere by ending others of lower priority, as few and as
/// small ones as do, within the budget of the platform, and never more than their apps can do
/// without. What is on its way out anyway counts as room that comes. The room is kept for the
/// instance until it stands there, or the time is over.
final class Preemption {
  private Preemption() {}

  /// What became of it.
  ///
  /// @param promised whether room is kept for the instance
  /// @param again when to look again, if anything is to be expected
  record Prospect(boolean promised, Optional<Instant> again) {
    private static final Prospect NONE = new Prospect(false, Optional.empty());

    private static Prospect later(Instant again) {
      return new Prospect(false, Optional.of(again));
    }
  }

  /// Ends the nominations of waiting instances whose room has not come in time, or comes no more;
  /// tells when the next ends.
  static Optional<Instant> review(Draft draft, App app, List<Instance> waiting, Request request) {
    Optional<Instant> next = Optional.empty();
    for (Instance instance : waiting) {
      Nomination nomination = draft.state().nominations().of(instance.id()).orElse(null);
      if (nomination == null) {
        continue;
      }
      Optional<String> moot = moot(draft, app, instance, request, nomination);
      if (moot.isPresent() && draft.takeRenouncement(instance.id())) {
        draft.record(new Event.NominationEnded(instance.id(), moot.get(), draft.now()));
      } else {
        next = Times.earlier(next, Optional.of(nomination.until()));
      }
    }
    return next;
  }

  private static Optional<String> moot(
      Draft draft, App app, Instance instance, Request request, Nomination nomination) {
    if (!nomination.version().equals(app.version())) {
      return Optional.of("another version is wanted");
    }
    if (nomination.isOver(draft.now())) {
      return Optional.of("the room did not come in time");
    }
    VictimSearch search = search(draft, instance.id(), request);
    NodeRecord record = search.nodes().byId().get(nomination.place().node());
    return record != null && search.comes(record).isPresent()
        ? Optional.empty()
        : Optional.of("the room was taken by one of higher priority, or is none any more");
  }

  /// Makes room for an instance that no node takes.
  static Prospect seek(Draft draft, App app, Instance instance, Request request) {
    State state = draft.state();
    Optional<Nomination> known = state.nominations().of(instance.id());
    if (known.isPresent()) {
      return new Prospect(true, Optional.of(known.get().until()));
    }
    PlacementPolicy.Preemption policy = state.placementPolicy().preemption();
    Tenancy tenancy = draft.memory().tenancy();
    int priority = request.scheduling().priority();
    // Headroom would have the room that others left.
    boolean keptOff = Prospects.isKeptOff(state, request);
    if (!policy.enabled() || keptOff || priority <= tenancy.span(state).lowest()) {
      return Prospect.NONE;
    }
    tenancy.follow(state, draft.now());
    draft.countSearch(request);
    Request alike = request.alike();
    var among = tenancy.worthLooking(state, alike);
    if (!among.iterator().hasNext()) {
      return Prospect.NONE;
    }
    VictimSearch search = search(draft, instance.id(), request);
    Optional<Sacrifice> least = search.least(among);
    if (least.isEmpty()) {
      tenancy.inVain(alike);
      return Prospect.NONE;
    }
    int victims = least.get().victims().size();
    Nominations nominations = state.nominations();
    if (victims > 0 && nominations.spent(draft.now()) + victims > policy.victimsPerMinute()) {
      return Prospect.later(nominations.renewed(draft.now(), victims, policy.victimsPerMinute()));
    }
    return draft.takeKills(victims)
        ? nominate(draft, app, instance, search, least.get())
        : Prospect.later(draft.now());
  }

  private static Prospect nominate(
      Draft draft, App app, Instance instance, VictimSearch search, Sacrifice sacrifice) {
    Optional<Instance.Place> place = search.place(sacrifice);
    if (place.isEmpty()) {
      throw new IllegalStateException(
          "%s does not take %s".formatted(sacrifice.node().id(), instance.id()));
    }
    int priority = app.spec().scheduling().priority();
    Instant until = until(draft, sacrifice);
    List<InstanceId> victims =
        sacrifice.victims().stream().map(victim -> victim.instance().id()).toList();
    draft.record(
        new Event.RoomNominated(
            instance.id(),
            new Nomination(place.get(), priority, app.version(), victims, draft.now(), until)));
    for (Tenant victim : sacrifice.victims()) {
      String why =
          "makes room for %s, which has priority %d, on %s; its own is %d"
              .formatted(
                  instance.id(),
                  priority,
                  sacrifice.node().id(),
                  victim.crew().reserve().priority());
      Decider.kill(draft, victim.instance(), KillReason.PREEMPTED, why);
    }
    return new Prospect(true, Optional.of(until));
  }

  /// When all will have ended, and some more.
  private static Instant until(Draft draft, Sacrifice sacrifice) {
    Instant until = draft.now().plus(Tenancy.SLACK);
    for (Tenant victim : sacrifice.victims()) {
      Instant by =
          draft.now().plus(Orders.grace(draft.state(), victim.instance())).plus(Tenancy.SLACK);
      until = by.isAfter(until) ? by : until;
    }
    for (Tenant tenant : sacrifice.leaving()) {
      Instant by = tenant.leavesBy();
      until = by != null && by.isAfter(until) ? by : until;
    }
    return until;
  }

  private static VictimSearch search(Draft draft, InstanceId own, Request request) {
    draft.memory().tenancy().follow(draft.state(), draft.now());
    return search(draft.state(), draft.memory().tenancy(), Optional.of(own), request, draft.now());
  }

  static VictimSearch search(
      State state, Tenancy tenancy, Optional<InstanceId> own, Request request, Instant now) {
    var room = KeptRoom.of(state, request.scheduling().priority(), own);
    List<Instance> siblings = new ArrayList<>();
    if (!request.isIndifferentToOthers()) {
      room.instancesOf(request.app()).forEach(siblings::add);
    }
    return new VictimSearch(
        tenancy,
        room.nodes(),
        Vacancy.of(room.nodes(), request, siblings),
        request,
        state.placementPolicy().preemption().victimsPerMinute(),
        now);
  }
}
