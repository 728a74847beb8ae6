package dev.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void theMedianIsTheMiddleOneWhateverTheOrder() {
    assertThat(Samples.of(9, 1, 5).median()).isEqualTo(5);
  }

  @Test
  void theMedianOfAnEvenNumberIsTheMeanOfTheTwoInTheMiddle() {
    assertThat(Samples.of(4, 100, 1, 2).median()).isEqualTo(3);
  }

  @Test
  void theSpreadReachesFromTheLeastToTheMost() {
    Samples samples = Samples.of(7, 3, 11);
    assertThat(samples.least()).isEqualTo(3);
    assertThat(samples.most()).isEqualTo(11);
  }

  @Test
  void ninetyNineOfAHundredDoNotExceedTheNinetyNinthPercentile() {
    double[] values = IntStream.rangeClosed(1, 100).asDoubleStream().toArray();
    assertThat(Samples.of(values).percentile(0.99)).isEqualTo(99);
    assertThat(Samples.of(values).percentile(1)).isEqualTo(100);
    assertThat(Samples.of(42).percentile(0.99)).isEqualTo(42);
  }

  @Test
  void withoutValuesThereIsNoFigure() {
    assertThatThrownBy(() -> new Samples(List.of())).isInstanceOf(IllegalArgumentException.class);
  }
}
