package dev.slipway.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnginePictureTest {
  private static final Instant BEGAN = Instant.parse("2026-01-02T03:04:05Z");

  @Test
  void aMachinesClockThatJumpedSaysNothingOfWhatCameAfter() {
    var seen = new EnginePicture(List.of(), List.of(), BEGAN.plus(Duration.ofHours(2)));
    assertThat(seen.by(BEGAN).taken()).isEqualTo(BEGAN);
  }

  @Test
  void whatNothingCanHaveHappenedAfterStaysSo() {
    assertThat(new EnginePicture(List.of(), List.of()).by(BEGAN).taken()).isEqualTo(Instant.MAX);
  }
}
