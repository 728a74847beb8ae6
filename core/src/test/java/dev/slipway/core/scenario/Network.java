package dev.slipway.core.scenario;

import java.time.Duration;
import java.util.List;

/// A way on which messages are lost, late, repeated and, being late, out of order; until it is
/// calm.
final class Network {
  /// Percents of the messages, and how late a late one is at most.
  record Weather(int lost, int repeated, int late, Duration latest) {
    static final Weather CALM = new Weather(0, 0, 0, Duration.ZERO);
  }

  private final Timeline timeline;
  private final Dice dice;
  private Weather weather = Weather.CALM;

  Network(Timeline timeline, Dice dice) {
    this.timeline = timeline;
    this.dice = dice;
  }

  void become(Weather next) {
    weather = next;
  }

  /// After which times the next message arrives: never, once or twice.
  List<Duration> arrivals() {
    if (dice.percent(weather.lost())) {
      return List.of();
    }
    if (dice.percent(weather.repeated())) {
      return List.of(delay(), dice.upTo(weather.latest()));
    }
    return List.of(delay());
  }

  void send(Runnable arrival) {
    arrivals().forEach(delay -> timeline.after(delay, arrival));
  }

  private Duration delay() {
    return dice.percent(weather.late()) ? dice.upTo(weather.latest()) : Duration.ZERO;
  }
}
