package dev.slipway.core.scenario;

import dev.slipway.core.control.Input;
import dev.slipway.core.engine.EnginePicture;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// The way on which an engine tells one server what it sees. Sights are lost, late, repeated and
/// out of order, but for what engines promise: a picture is not overtaken by older sights, and one
/// follows whatever may have been lost.
final class SightLine {
  private static final Duration LATEST_PICTURE = Duration.ofSeconds(20);

  private final Timeline timeline;
  private final Network network;
  private final Dice dice;
  private final Consumer<Input> server;
  private long made;
  private long lastPicture;

  SightLine(Timeline timeline, Network network, Dice dice, Consumer<Input> server) {
    this.timeline = timeline;
    this.network = network;
    this.dice = dice;
    this.server = server;
  }

  void tell(SimulatedEngine engine, Input sight) {
    long number = ++made;
    var arrivals = network.arrivals();
    if (arrivals.isEmpty()) {
      timeline.after(dice.upTo(LATEST_PICTURE), () -> picture(engine));
    }
    for (Duration delay : arrivals) {
      timeline.after(
          delay,
          () -> {
            if (number > lastPicture) {
              server.accept(sight);
            }
          });
    }
  }

  void picture(SimulatedEngine engine) {
    boolean first = lastPicture == 0;
    lastPicture = ++made;
    // A machine that was deleted while no server listened is told of by nothing else.
    Optional<EnginePicture> census = first ? engine.census() : Optional.empty();
    if (census.isPresent()) {
      server.accept(new Input.EngineSeen(census.get()));
      return;
    }
    // Those that are cut off are told to be so before a picture without them, or after one with
    // what
    // was known of them last.
    if (!first && dice.percent(50)) {
      tellSilent(engine);
      server.accept(new Input.EngineSeen(engine.audible()));
      return;
    }
    server.accept(new Input.EngineSeen(engine.everything()));
    tellSilent(engine);
  }

  private void tellSilent(SimulatedEngine engine) {
    engine.cutOff().forEach(node -> server.accept(new Input.NodeSilent(node, "no answer")));
  }
}
