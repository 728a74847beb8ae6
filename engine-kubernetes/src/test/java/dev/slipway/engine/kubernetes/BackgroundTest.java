package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackgroundTest {
  private final List<String> done = new ArrayList<>();
  private final Background background = new Background();

  private void begin(String part) {
    background.begin(() -> done.add("begin " + part), () -> done.add("end " + part));
  }

  @Test
  void whatBeganLastEndsFirst() {
    begin("upkeep");
    begin("usage");
    background.close();
    background.close();
    assertThat(done).containsExactly("begin upkeep", "begin usage", "end usage", "end upkeep");
  }

  @Test
  void nothingBeginsAfterTheEnd() {
    background.close();
    begin("upkeep");
    assertThat(done).isEmpty();
  }
}
