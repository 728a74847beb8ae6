package dev.slipway.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimestampsTest {
  @Test
  void writesThreeDigitsAlwaysAndCutsWhatIsFiner() {
    assertThat(Timestamps.format(Instant.EPOCH)).isEqualTo("1970-01-01T00:00:00.000Z");
    assertThat(Timestamps.format(Instant.parse("2015-04-02T09:37:00.596999Z")))
        .isEqualTo("2015-04-02T09:37:00.596Z");
  }

  @Test
  void readsWhatItWrites() {
    var time = Instant.parse("2024-02-29T23:59:59.001Z");
    assertThat(Timestamps.parse(Timestamps.format(time))).contains(time);
  }

  @Test
  void readsNothingElse() {
    for (String other :
        new String[] {
          "",
          "now",
          "2015-04-02T09:37:00Z",
          "2015-04-02T09:37:00.596+00:00",
          "2015-04-02 09:37:00.596Z",
          "2015-02-30T09:37:00.596Z",
          "2015-04-02T09:37:00.5961Z",
          "2015-04-02T09:37:00.596Z "
        }) {
      assertThat(Timestamps.parse(other)).as(other).isEmpty();
    }
  }
}
