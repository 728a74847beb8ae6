package dev.slipway.core.scenario;

import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.DisruptionRisk;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.Pressure;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Makes things go wrong, and right again in the end.
final class Troubles {
  private static final int MACHINES = 4;
  private static final int MOST_MACHINES = 7;
  private static final Resources EACH = Resources.of(2, 2048, 2048, 0);
  private static final Network.Weather STORM = new Network.Weather(4, 5, 20, Duration.ofSeconds(5));

  private final World world;
  private final SimulatedClients clients;
  private final Set<Fault> faults;
  private final Dice dice;
  private final Set<NodeId> dead = new HashSet<>();
  private int machines;
  private boolean over;

  Troubles(World world, SimulatedClients clients, long seed, Set<Fault> faults) {
    this.world = world;
    this.clients = clients;
    this.faults = faults;
    dice = new Dice(seed, "troubles");
    for (int i = 0; i < MACHINES; i++) {
      arrive();
    }
    weather(faults.contains(Fault.NETWORK) ? STORM : Network.Weather.CALM);
    world.chances(new Fates());
  }

  private void arrive() {
    machines++;
    DisruptionRisk risk =
        dice.percent(60) ? DisruptionRisk.NONE : dice.any(DisruptionRisk.values());
    OptionalInt most = dice.percent(30) ? OptionalInt.of(2 + dice.below(8)) : OptionalInt.empty();
    world.engine().offer(Scenario.node(machines, EACH).withRisk(risk).holding(most));
  }

  private void weather(Network.Weather next) {
    world.orders().become(next);
    world.sights().become(next);
    clients.weather(next);
  }

  void make(Dice turn) {
    Fault fault = turn.any(Fault.values());
    if (!faults.contains(fault)) {
      return;
    }
    switch (fault) {
      case NETWORK -> world.engine().picture();
      case CRASH -> world.server().die();
      case ZOMBIE -> usurp(turn);
      case CLOCK -> world.clockJumps(turn.any(jump(turn), jump(turn).negated()));
      case JOURNAL -> {
        world.journal().full(true);
        later(turn, 10, () -> world.journal().full(false));
      }
      case SILENCE -> silence(turn);
      case REBOOT -> machine(turn).ifPresent(SimulatedMachine::reboot);
      case DEATH -> death(turn);
      case FLEET -> fleet(turn);
      case CLOSING -> machine(turn).ifPresent(machine -> close(turn, machine.node().id()));
      case EXIT -> exit(turn);
      case LAUNCH -> machine(turn).ifPresent(machine -> machine.misfortune(misfortune(turn)));
      case ADDRESS -> move(turn);
      case NOISE -> machine(turn).ifPresent(machine -> noise(turn, machine.node().id()));
    }
  }

  private static Duration jump(Dice turn) {
    return turn.any(
        Duration.ofMillis(turn.below(5_000)),
        Duration.ofSeconds(turn.below(600)),
        Duration.ofHours(turn.below(48)));
  }

  private void usurp(Dice turn) {
    world.server().stop(turn.upTo(Duration.ofSeconds(30)));
    SimulatedServer stopped = world.server();
    later(
        turn,
        10,
        () -> {
          if (world.server() == stopped && stopped.isAlive()) {
            world.lead();
          }
        });
  }

  /// Of one machine, or of many at once.
  private void silence(Dice turn) {
    int count = turn.oneIn(3) ? 3 + turn.below(3) : 1;
    for (int i = 0; i < count; i++) {
      machine(turn)
          .map(machine -> machine.node().id())
          .ifPresent(
              id -> {
                world.engine().cutOff(id, true);
                later(turn, turn.any(5, 60, 400), () -> comeBack(id));
              });
    }
  }

  private void comeBack(NodeId id) {
    if (!dead.contains(id)) {
      world.engine().cutOff(id, false);
    }
  }

  private void death(Dice turn) {
    if (world.engine().machines().size() <= 2) {
      arrive();
      return;
    }
    machine(turn)
        .ifPresent(
            machine -> {
              NodeId id = machine.node().id();
              world.engine().cutOff(id, true);
              dead.add(id);
              machine.reboot();
              switch (turn.below(4)) {
                case 0 -> later(turn, 120, () -> world.engine().terminate(id));
                case 1 -> later(turn, 120, () -> world.engine().delete(id));
                case 2 -> later(turn, 120, () -> clients.ask(new Input.ForgetNode(id)));
                default -> {}
              }
            });
  }

  private void fleet(Dice turn) {
    int there = world.engine().machines().size();
    if (there < MACHINES || (there < MOST_MACHINES && turn.percent(50))) {
      arrive();
      return;
    }
    machine(turn)
        .map(machine -> machine.node().id())
        .ifPresent(
            id -> {
              if (turn.percent(50)) {
                if (turn.percent(50)) {
                  world.engine().terminate(id);
                } else {
                  world.engine().delete(id);
                }
                return;
              }
              world.engine().withdraw(id, true);
              later(turn, 60, () -> world.engine().withdraw(id, false));
            });
  }

  private void close(Dice turn, NodeId id) {
    world.engine().close(id, Optional.of(turn.any("cordoned", "memory pressure")));
    if (turn.percent(70)) {
      later(turn, turn.any(5, 120), () -> world.engine().close(id, Optional.empty()));
    }
  }

  private void exit(Dice turn) {
    List<TaskId> alive = List.copyOf(world.engine().alive());
    if (!alive.isEmpty()) {
      world.engine().end(turn.one(alive), Script.exit(turn.below(2)));
    }
  }

  private void move(Dice turn) {
    List<TaskId> alive = List.copyOf(world.engine().alive());
    if (!alive.isEmpty()) {
      TaskId task = turn.one(alive);
      world.engine().machines().values().forEach(machine -> machine.move(task));
    }
  }

  private void noise(Dice turn, NodeId id) {
    Pressure.Level level = turn.any(Pressure.Level.values());
    world.engine().press(id, new Pressure(level, level == Pressure.Level.NONE ? "" : "noise"));
  }

  private static TaskEnd misfortune(Dice turn) {
    TaskEnd.Reason reason =
        turn.any(
            TaskEnd.Reason.FETCH_FAILED,
            TaskEnd.Reason.COMMAND_INVALID,
            TaskEnd.Reason.PORT_IN_USE,
            TaskEnd.Reason.LAUNCH_FAILED);
    return TaskEnd.of(reason, "as it happens");
  }

  private Optional<SimulatedMachine> machine(Dice turn) {
    List<SimulatedMachine> all = List.copyOf(world.engine().machines().values());
    return all.isEmpty() ? Optional.empty() : Optional.of(turn.one(all));
  }

  private void later(Dice turn, int seconds, Runnable what) {
    world.timeline().after(turn.upTo(Duration.ofSeconds(seconds)), what);
  }

  /// Nothing goes wrong any more, and engines tell what they may not have told. The dead stay dead.
  void end() {
    over = true;
    weather(Network.Weather.CALM);
    world.journal().full(false);
    for (NodeId id : List.copyOf(world.engine().cutOff())) {
      comeBack(id);
    }
    world.engine().picture();
  }

  private final class Fates implements Chances {
    @Override
    public boolean dies(Moment moment) {
      return !over && faults.contains(Fault.CRASH) && dice.oneIn(400);
    }

    @Override
    public boolean arrives() {
      return dice.percent(50);
    }

    @Override
    public int batch() {
      return 1 + dice.below(4);
    }

    @Override
    public Duration append() {
      boolean slow = !over && faults.contains(Fault.JOURNAL) && dice.percent(10);
      return slow ? dice.upTo(Duration.ofSeconds(3)) : Duration.ZERO;
    }

    @Override
    public Duration downtime() {
      return dice.upTo(Duration.ofSeconds(5));
    }
  }
}
