package dev.slipway.example.crawler.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.example.crawler.worker.Environment.BadSetting;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentTest {
  private final Environment environment =
      new Environment(
          Map.of(
              "PORT0",
              "80x",
              "RATE",
              "2.5",
              "QUEUE_URL",
              "http://127.0.0.1:1/",
              "SITE_URL",
              "shop",
              "SEEDS",
              " a, b  c "));

  @Test
  void aWrongValueNamesItsVariable() {
    assertThatThrownBy(environment::port)
        .isInstanceOf(BadSetting.class)
        .hasMessageContaining("PORT0")
        .hasMessageContaining("80x");
    assertThatThrownBy(() -> environment.decimal("RATE", 1, 3, 4)).isInstanceOf(BadSetting.class);
    assertThatThrownBy(() -> environment.service("SITE_URL", "")).hasMessageContaining("SITE_URL");
    assertThatThrownBy(() -> environment.service("NOTHING", ""))
        .hasMessageContaining("NOTHING is not set");
  }

  @Test
  void whatIsNotSetHasItsDefault() {
    assertThat(environment.number("NOTHING", 7, 1, 9)).isEqualTo(7);
    assertThat(environment.bind()).isEqualTo("127.0.0.1");
    assertThat(environment.list("NOTHING")).isEmpty();
  }

  @Test
  void valuesAreUnderstood() {
    assertThat(environment.decimal("RATE", 1, 0, 4)).isEqualTo(2.5);
    assertThat(environment.list("SEEDS")).containsExactly("a", "b", "c");
    assertThat(environment.service("QUEUE_URL", "")).isEqualTo(URI.create("http://127.0.0.1:1"));
  }
}
