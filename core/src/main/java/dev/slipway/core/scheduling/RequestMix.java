package dev.slipway.core.scheduling;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// How many tasks ask for what, and from that the requests that are typical.
///
/// Numbers count in steps, two from one power of two to the next, so that what is typical changes seldom. It depends on the numbers alone,
/// not on the order in which they came. For one thread.
public final class RequestMix {
  /// Different requests that are told apart; of more, those that the fewest tasks make do not
  /// count.
  static final int MOST = 1024;

  private static final long MOST_NUMBER = 1L << 30;
  private static final long SCALE = 128;

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
    var alike = new Alike(Arrays.stream(amounts).boxed().toList(), thousandths);
    numbers.merge(alike, number, (known, more) -> known + more == 0 ? null : known + more);
  }

  /// What the tasks ask for, what most of them ask for first.
  public List<TypicalRequest> typical() {
    List<TypicalRequest> all = new ArrayList<>();
    numbers.forEach(
        (alike, number) -> {
          if (number > 0) {
            all.add(new TypicalRequest(alike.amounts(), alike.thousandths(), inSteps(number)));
          }
        });
    all.sort(ORDER);
    return List.copyOf(all.subList(0, Math.min(MOST, all.size())));
  }

  /// The number, scaled and rounded to the nearest step: exact arithmetic, since it has to be the
  /// same on every machine.
  private static long inSteps(long number) {
    long power = Long.highestOneBit(Math.min(number, MOST_NUMBER));
    long above = Math.min(number, MOST_NUMBER) - power;
    // Halfway between the powers 1, sqrt 2 and 2 lie the fourth roots of 2 and of 8.
    if (above * 1000 < power * 189) {
      return power * SCALE;
    }
    return above * 1000 < power * 682 ? power * SCALE * 181 / 128 : 2 * power * SCALE;
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
