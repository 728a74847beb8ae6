package dev.slipway.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ResourcesTest {
  @Test
  void keepsMarathonsUnitsInWholeNumbers() {
    var resources = Resources.of(0.1, 128, 0.5, 2);
    assertThat(resources).isEqualTo(new Resources(100, 128L << 20, 512L << 10, 2000));
    assertThat(resources.cpus()).isEqualTo(0.1);
    assertThat(resources.memMebibytes()).isEqualTo(128);
    assertThat(resources.diskMebibytes()).isEqualTo(0.5);
    assertThat(resources.gpus()).isEqualTo(2);
    assertThat(Resources.of(0, 0, 0, 0.125).milliGpus()).isEqualTo(125);
  }

  @Test
  void neverDriftsWhenAddedAndTakenAwayOften() {
    var tenth = Resources.of(0.1, 0.1, 0.1, 1);
    var sum = Resources.NONE;
    for (int i = 0; i < 1000; i++) {
      sum = sum.plus(tenth);
    }
    assertThat(sum.cpus()).isEqualTo(100.0);
    for (int i = 0; i < 1000; i++) {
      sum = sum.minus(tenth);
    }
    assertThat(sum).isEqualTo(Resources.NONE);
  }

  @Test
  void fitsOnlyWhenEveryPartDoes() {
    var room = new Resources(10, 10, 10, 10);
    assertThat(room.fitsIn(room)).isTrue();
    assertThat(new Resources(11, 0, 0, 0).fitsIn(room)).isFalse();
    assertThat(new Resources(0, 11, 0, 0).fitsIn(room)).isFalse();
    assertThat(new Resources(0, 0, 11, 0).fitsIn(room)).isFalse();
    assertThat(new Resources(0, 0, 0, 11).fitsIn(room)).isFalse();
  }
}
