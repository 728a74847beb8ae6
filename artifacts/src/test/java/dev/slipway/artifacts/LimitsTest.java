package dev.slipway.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LimitsTest {
  private static final long MIB = 1 << 20;

  @Test
  void theDefaultsAreThoseOfTheDocumentation() {
    assertThat(ArtifactLimits.DEFAULT)
        .isEqualTo(
            new ArtifactLimits(
                1024 * MIB,
                20 * 1024 * MIB,
                5 * 1024 * MIB,
                64,
                new ExtractionLimits(100_000, 4096 * MIB, 200, 64 * MIB, 1024, 64)));
    assertThat(Patience.DEFAULT)
        .isEqualTo(
            new Patience(
                Duration.ofSeconds(10),
                Duration.ofMinutes(1),
                128,
                Duration.ofMinutes(30),
                5,
                Duration.ofMillis(500),
                Duration.ofSeconds(20)));
  }

  @Test
  void anArchiveMayBecomeTwoHundredTimesItsSizeWithinAFloorAndACeiling() {
    ExtractionLimits limits = ExtractionLimits.DEFAULT;

    assertThat(limits.allowedBytes(0)).isEqualTo(64 * MIB);
    assertThat(limits.allowedBytes(1000)).isEqualTo(64 * MIB);
    assertThat(limits.allowedBytes(MIB)).isEqualTo(200 * MIB);
    assertThat(limits.allowedBytes(21 * MIB)).isEqualTo(4096 * MIB);
    assertThat(limits.allowedBytes(Long.MAX_VALUE)).isEqualTo(4096 * MIB);
  }

  @Test
  void pausesDoubleUpToTheLongestWithHalfOfThemRandom() {
    Patience patience = Patience.DEFAULT;

    assertThat(patience.pauseAfter(1, 0)).isEqualTo(Duration.ofMillis(250));
    assertThat(patience.pauseAfter(1, 1)).isEqualTo(Duration.ofMillis(500));
    assertThat(patience.pauseAfter(3, 1)).isEqualTo(Duration.ofSeconds(2));
    assertThat(patience.pauseAfter(50, 1)).isEqualTo(Duration.ofSeconds(20));
  }
}
