package dev.slipway.server.marathon.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What is written can be read, and means the same.
class AppRoundTripTest {
  private static final int SEEDS = 1000;

  @Test
  void whatIsWrittenIsReadAsTheSameApp() {
    for (long seed = 0; seed < SEEDS; seed++) {
      AppSpec app = new AppGenerator(seed).app();
      String text = Described.text(app);
      AppSpec read = Described.app(text);
      assertThat(read).as("seed %d: %s", seed, text).isEqualTo(app);
    }
  }

  @Test
  void whatIsWrittenChangesNothingWhenItIsSentBack() {
    for (long seed = 0; seed < SEEDS; seed++) {
      AppSpec app = new AppGenerator(seed).app();
      assertThat(Described.changed(app, Described.text(app))).as("seed %d", seed).isEqualTo(app);
      assertThat(Described.changed(app, "{}")).as("seed %d", seed).isEqualTo(app);
    }
  }

  @Test
  void theAppsHaveEveryField() {
    Set<String> seen = new TreeSet<>();
    for (long seed = 0; seed < SEEDS; seed++) {
      Described.written(new AppGenerator(seed).app()).propertyNames().forEach(seen::add);
    }
    Set<String> all = new TreeSet<>();
    for (var component : AppJson.class.getRecordComponents()) {
      all.add(component.getName());
    }
    assertThat(seen).isEqualTo(all);
  }
}
