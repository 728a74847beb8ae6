package dev.slipway.core.scenario;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.deployment.DeploymentId;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.state.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Clients far away: their requests and the answers are lost, late, repeated and out of order, and
/// some ask again when they hear nothing. What they were promised they remember.
final class SimulatedClients {
  private static final int ASK_AGAIN_PERCENT = 50;

  private final World world;
  private final Network requests;
  private final Network answers;
  private final Dice dice;
  private final List<Promise> promises = new ArrayList<>();
  private int refused;
  private int unanswered;

  /// A wish that was answered with success.
  private record Promise(Input.Command wish, Reply reply) {}

  SimulatedClients(World world, long seed) {
    this.world = world;
    this.dice = new Dice(seed, "clients");
    this.requests = new Network(world.timeline(), new Dice(seed, "requests"));
    this.answers = new Network(world.timeline(), new Dice(seed, "answers"));
  }

  void weather(Network.Weather weather) {
    requests.become(weather);
    answers.become(weather);
  }

  void ask(Input.Command wish) {
    requests.send(() -> world.submit(wish, reply -> answer(wish, reply)));
  }

  int promised() {
    return promises.size();
  }

  int refused() {
    return refused;
  }

  int unanswered() {
    return unanswered;
  }

  private void answer(Input.Command wish, Optional<Reply> reply) {
    answers.send(() -> hear(wish, reply));
  }

  private void hear(Input.Command wish, Optional<Reply> reply) {
    if (reply.isEmpty()) {
      unanswered++;
      if (dice.percent(ASK_AGAIN_PERCENT)) {
        world.timeline().after(dice.upTo(java.time.Duration.ofSeconds(10)), () -> ask(wish));
      }
    } else if (reply.get().refusal().isPresent()) {
      refused++;
    } else {
      promises.add(new Promise(wish, reply.get()));
    }
  }

  /// Whether each promise was kept: it is in the journal, and what it changed is as it says or was
  /// changed again by something recorded later.
  void judge() {
    List<Event.RootChanged> changes = new ArrayList<>();
    Set<DeploymentId> deployments = new HashSet<>();
    for (Event event : world.journal().events()) {
      if (event instanceof Event.RootChanged changed) {
        changes.add(changed);
      }
      if (event instanceof Event.DeploymentStarted started) {
        deployments.add(started.deployment().id());
      }
      if (event instanceof Event.DeploymentQueued queued) {
        deployments.add(queued.queued().id());
      }
    }
    Map<PathId, App> recorded = new TreeMap<>();
    changes.forEach(
        change -> {
          change.apps().forEach(app -> recorded.put(app.id(), app));
          change.removedApps().forEach(recorded::remove);
        });
    Map<PathId, App> wanted = new TreeMap<>();
    world.state().root().apps().forEach(wanted::put);
    Rule.DURABLE.holds(wanted.equals(recorded), "%s, recorded is %s", wanted, recorded);
    for (Promise promise : promises) {
      switch (promise.reply()) {
        case Reply.Deploying made -> {
          Rule.DURABLE.holds(
              deployments.contains(made.deployment()), "%s of %s", promise.reply(), promise.wish());
          judge(promise.wish(), made.version(), changes);
        }
        case Reply.Done _ -> judge(promise.wish());
        case Reply.Rebalancing _, Reply.Refused _ -> {}
      }
    }
  }

  private void judge(Input.Command wish) {
    if (wish instanceof Input.KillInstances kill) {
      for (InstanceId id : kill.instances()) {
        boolean ends = world.state().instance(id).filter(one -> one.kill().isEmpty()).isEmpty();
        Rule.DURABLE.holds(ends, "%s was to be ended", id);
      }
    }
  }

  private static void judge(Input.Command wish, Instant at, List<Event.RootChanged> changes) {
    if (wish instanceof Input.Planned planned && planned.terms().queue()) {
      return;
    }
    if (wish instanceof Input.ChangeApps put) {
      for (AppChange change : put.changes()) {
        Optional<AppSpec> then = asOf(change.id(), at, changes);
        Rule.DURABLE.holds(
            then.isPresent()
                && change.revision().apply(then) instanceof AppChange.Result.Revised(AppSpec asked)
                && then.get().withServicePorts(asked.servicePorts()).equals(asked),
            "%s at %s",
            change.id(),
            at);
      }
    }
    if (wish instanceof Input.RemoveApp remove) {
      Rule.DURABLE.holds(asOf(remove.app(), at, changes).isEmpty(), "%s at %s", remove.app(), at);
    }
  }

  /// The app as the changes up to a version of the root had left it.
  private static Optional<AppSpec> asOf(PathId id, Instant at, List<Event.RootChanged> changes) {
    Optional<AppSpec> spec = Optional.empty();
    for (Event.RootChanged change : changes) {
      if (change.version().isAfter(at)) {
        break;
      }
      if (change.removedApps().contains(id)) {
        spec = Optional.empty();
      }
      for (App app : change.apps()) {
        spec = app.id().equals(id) ? Optional.of(app.spec()) : spec;
      }
    }
    return spec;
  }
}
