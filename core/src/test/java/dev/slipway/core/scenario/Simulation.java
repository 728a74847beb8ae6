package dev.slipway.core.scenario;

import dev.slipway.core.control.Input;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

/// Random wishes and faults from one seed, on virtual time, then quiet, in which what is must
/// become what is wanted. The same seed and settings give the same run, always and everywhere.
final class Simulation {
  static final int TURNS = 40;
  private static final Duration QUIET = Duration.ofMinutes(6);

  /// How much of it is played.
  ///
  /// @param turns wishes and troubles before the quiet
  /// @param without what does not go wrong
  record Settings(int turns, Set<Fault> without) {
    static final Settings ALL = new Settings(TURNS, EnumSet.noneOf(Fault.class));

    Settings {
      without = without.isEmpty() ? EnumSet.noneOf(Fault.class) : EnumSet.copyOf(without);
    }
  }

  private final long seed;
  private final Settings settings;
  private final World world;
  private final SimulatedClients clients;
  private final Troubles troubles;

  Simulation(long seed, Settings settings, World.Deciding deciding) {
    this.seed = seed;
    this.settings = settings;
    world = new World(seed, deciding);
    clients = new SimulatedClients(world, seed);
    var faults = EnumSet.allOf(Fault.class);
    faults.removeAll(settings.without());
    troubles = new Troubles(world, clients, seed, faults);
    new Prober(world);
  }

  World world() {
    return world;
  }

  SimulatedClients clients() {
    return clients;
  }

  void run() {
    for (int turn = 0; turn < settings.turns(); turn++) {
      // Dice of its own for each turn, so that the first turns are the same however many there are.
      var dice = new Dice(seed, "turn " + turn);
      clients.ask(new RandomWishes(dice, world.state()).one());
      if (dice.percent(40)) {
        troubles.make(dice);
      }
      world.timeline().pass(dice.upTo(Duration.ofSeconds(dice.percent(10) ? 120 : 4)));
    }
    troubles.end();
    world.timeline().pass(QUIET);
    // The dead are believed to be.
    clients.ask(new Input.ResumeEvictions());
    world.engine().picture();
    world.timeline().pass(QUIET);
    new Verdict(world).judge();
    clients.judge();
  }
}
