package dev.slipway.core.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FencedTest {
  private static final Fenced FENCED =
      new Fenced(new Epoch(4), Optional.of("one"), 0, "the place", "give it up", "");

  @Test
  void aTermBeginsAboveWhateverTheEngineHasSeen() {
    assertThatCode(() -> FENCED.check(new Epoch(5))).doesNotThrowAnyException();
    assertThatThrownBy(() -> FENCED.check(new Epoch(3)))
        .isInstanceOf(StaleEpoch.class)
        .hasMessage("epoch 3 is older than 4, which was already seen");
  }

  @Test
  void tasksThatWereSeenElsewhereAreNotLaunchedWhereNobodyLed() {
    var untouched =
        new Fenced(
            new Epoch(0), Optional.empty(), 0, "the place", "", "give it to " + Fenced.PLATFORM);
    assertThatCode(() -> untouched.check("one", () -> 0)).doesNotThrowAnyException();
    assertThatThrownBy(() -> untouched.check("one", () -> 3))
        .isInstanceOf(ForeignPlatform.class)
        .hasMessageContaining("the place was never led")
        .hasMessageContaining("3 tasks that run elsewhere")
        .hasMessageContaining("give it to one;");
    var given =
        new Fenced(new Epoch(0), Optional.of("one"), 0, "the place", "", untouched.assignment());
    assertThatCode(() -> given.check("one", () -> 3)).doesNotThrowAnyException();
    assertThatCode(() -> Fenced.NOTHING.check("one", () -> 3)).doesNotThrowAnyException();
  }

  @Test
  void anEpochThatWasGivenOutTwiceIsAnothers() {
    assertThatThrownBy(() -> FENCED.check(new Epoch(4)))
        .isInstanceOfSatisfying(
            StaleEpoch.class, stale -> assertThat(stale.seen()).isEqualTo(new Epoch(4)))
        .hasMessage("epoch 4 was already given out before");
  }
}
