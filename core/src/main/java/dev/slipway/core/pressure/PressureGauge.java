package dev.slipway.core.pressure;

import dev.slipway.core.app.Resources;
import dev.slipway.core.node.Pressure;
import dev.slipway.core.node.Pressure.Level;
import dev.slipway.core.pressure.NodeUse.OfTask;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The pressure on one node, read from one round of measurements after another. Pure: each reading
/// gives another gauge.
///
/// What counts is the part of the processors that tasks use beyond what they requested: whoever was
/// promised the rest gets less of it. On a node that is busy to the brim less of it is enough. Of
/// the memory what is used counts, however much was requested, since there is no more of it when it
/// is gone.
///
/// Both are means over about {@link #WINDOW}, so that a short burst says nothing. A level is left
/// only when it is {@link #MARGIN} away, and stays for {@link #STAY} at least.
///
/// @param samples how many readings it was made of
/// @param excess mean of {@link NodeUse#excess}
/// @param busy mean of {@link NodeUse#busy}
/// @param memory mean of {@link NodeUse#memory}
/// @param since when the level last changed
/// @param pressure the level, with what was the noisiest when it changed
public record PressureGauge(
    Instant last,
    int samples,
    double excess,
    double busy,
    double memory,
    Instant since,
    Pressure pressure) {
  /// The time over which means are taken.
  public static final Duration WINDOW = Duration.ofMinutes(2);

  /// Readings before anything is said of a node.
  public static final int LEAST_SAMPLES = 10;

  /// How long a level stays at least.
  public static final Duration STAY = Duration.ofMinutes(1);

  /// What comes after a longer silence begins anew.
  public static final Duration LONGEST_GAP = Duration.ofMinutes(5);

  /// By so much less than what raised a level lets it fall.
  static final double MARGIN = 0.05;

  private static final List<Level> LEVELS =
      List.of(Level.NONE, Level.LOW, Level.MEDIUM, Level.HIGH);

  private static final double[] EXCESS = {0.10, 0.25, 0.50};
  private static final double[] MEMORY = {0.80, 0.90, 0.95};

  /// A node as busy as that has no processor time left for those who were promised it.
  private static final double BRIM = 0.90;

  /// @param known the level that is recorded of the node
  public static PressureGauge begin(NodeUse use, Pressure known) {
    return new PressureGauge(use.at(), 1, use.excess(), use.busy(), use.memory(), use.at(), known);
  }

  /// What is to be said of the node; nothing before enough was seen.
  public Optional<Pressure> verdict() {
    return samples < LEAST_SAMPLES ? Optional.empty() : Optional.of(pressure);
  }

  /// The next round. One that is not later than the last is passed over.
  public PressureGauge read(NodeUse use) {
    Duration passed = Duration.between(last, use.at());
    if (passed.isZero() || passed.isNegative()) {
      return this;
    }
    if (passed.compareTo(LONGEST_GAP) > 0) {
      return begin(use, pressure);
    }
    double fading = 1 - Math.exp(-passed.toNanos() / (double) WINDOW.toNanos());
    double weight = Math.max(fading, 1.0 / (samples + 1));
    var next =
        new PressureGauge(
            use.at(),
            samples + 1,
            excess + weight * (use.excess() - excess),
            busy + weight * (use.busy() - busy),
            memory + weight * (use.memory() - memory),
            since,
            pressure);
    return next.judged(use);
  }

  private PressureGauge judged(NodeUse use) {
    Level now = pressure.level();
    Level raised = level(0);
    Level lowered = level(MARGIN);
    Level next = raised.compareTo(now) > 0 ? raised : min(now, lowered);
    boolean stays = next == now || last.isBefore(since.plus(STAY));
    if (stays || samples < LEAST_SAMPLES) {
      return this;
    }
    String cause = next == Level.NONE ? "" : cause(use);
    return new PressureGauge(last, samples, excess, busy, memory, last, new Pressure(next, cause));
  }

  private static Level min(Level one, Level other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /// @param more is added to all that was measured
  private Level level(double more) {
    Level ofMemory = level(memory + more, MEMORY);
    Level ofProcessors = ofProcessors(more);
    return ofMemory.compareTo(ofProcessors) > 0 ? ofMemory : ofProcessors;
  }

  private Level ofProcessors(double more) {
    boolean brimful = busy + more >= BRIM && excess + more >= EXCESS[0];
    return brimful ? Level.HIGH : level(excess + more, EXCESS);
  }

  private static Level level(double part, double[] thresholds) {
    int level = 0;
    while (level < thresholds.length && part >= thresholds[level]) {
      level++;
    }
    return LEVELS.get(level);
  }

  /// The noisiest task, of what presses more.
  private String cause(NodeUse use) {
    if (ofProcessors(0).compareTo(level(memory, MEMORY)) >= 0) {
      return use.tasks().stream()
          .max(Comparator.comparingDouble(OfTask::excess))
          .map(PressureGauge::processorUse)
          .orElse("");
    }
    return use.tasks().stream()
        .max(Comparator.comparingLong(task -> task.memBytes() - task.requested().memBytes()))
        .map(PressureGauge::memoryUse)
        .orElse("");
  }

  private static String processorUse(OfTask task) {
    return "%s uses cpus %s of %s requested"
        .formatted(task.app(), tenths(task.cpus()), tenths(task.requested().cpus()));
  }

  private static String memoryUse(OfTask task) {
    return "%s uses mem %d MiB of %s MiB requested"
        .formatted(
            task.app(),
            task.memBytes() / Resources.MEBIBYTE,
            tenths(task.requested().memMebibytes()));
  }

  private static String tenths(double amount) {
    return BigDecimal.valueOf(amount)
        .setScale(1, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
