package dev.slipway.core.scheduling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How many tasks ask for what, and from that the requests that are typical.
///
/// What is typical changes seldom: numbers count in parts of all tasks, and in two steps from one
/// power of two to the next. It depends on the numbers alone, not on the order in which they came.
/// For one thread.
public final class RequestMix {
  /// The parts of all tasks in which numbers are counted, a power of two.
  private static final long UNITS = 512;

  private static final long SCALE = 128;

  /// The root of two, scaled.
  private static final long ROOT = 181;

  private static final Comparator<TypicalRequest> ORDER =
      Comparator.comparingLong(TypicalRequest::weight)
          .thenComparingInt(TypicalRequest::thousandths)
          .thenComparing(TypicalRequest::amounts, RequestMix::compare)
          .reversed();

  private record Alike(List<Long> amounts, int thousandths) {}

  private final Map<Alike, Long> numbers = new HashMap<>();

  /// Takes in so many tasks more, or less where it is negative.
  ///
  /// @param amounts one a dimension
  public void add(long[] amounts, int thousandths, long number) {
    if (number == 0) {
      return;
    }
    var alike = new Alike(Arrays.stream(amounts).boxed().toList(), thousandths);
    numbers.merge(alike, number, RequestMix::sum);
  }

  /// Nothing where none is left, so that it is forgotten.
  private static @Nullable Long sum(Long one, Long other) {
    return one + other == 0 ? null : Long.valueOf(one + other);
  }

  /// What the tasks ask for, what most of them ask for first. What less than a five hundredth or so
  /// of them ask for does not count.
  public List<TypicalRequest> typical() {
    long total = 0;
    for (long number : numbers.values()) {
      total += Math.max(0, number);
    }
    long unit = Math.max(1, Long.highestOneBit(total) / UNITS);
    List<TypicalRequest> all = new ArrayList<>();
    numbers.forEach(
        (alike, number) -> {
          if (number >= unit) {
            long weight = inSteps(number / unit);
            all.add(new TypicalRequest(alike.amounts(), alike.thousandths(), weight));
          }
        });
    all.sort(ORDER);
    return List.copyOf(all);
  }

  /// A number of units, scaled and rounded to the nearest step: in whole numbers, since it has to
  /// be the same on every machine.
  private static long inSteps(long number) {
    long power = Long.highestOneBit(number);
    long above = number - power;
    // Halfway between 1, the root of 2, and 2 lie the fourth roots of 2 and of 8.
    if (above * 1000 < power * 189) {
      return power * SCALE;
    }
    return above * 1000 < power * 682 ? power * ROOT : 2 * power * SCALE;
  }

  private static int compare(List<Long> one, List<Long> other) {
    for (int i = 0; i < one.size(); i++) {
      int byAmount = Long.compare(one.get(i), other.get(i));
      if (byAmount != 0) {
        return byAmount;
      }
    }
    return 0;
  }
}
