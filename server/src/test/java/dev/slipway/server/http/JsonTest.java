package dev.slipway.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;

class JsonTest {
  static String[] bombs() {
    return new String[] {
      "[".repeat(100_000),
      "{\"a\":".repeat(65) + "1" + "}".repeat(65),
      "1".repeat(1_000_000),
      "{\"a\":1,\"a\":2}",
      "NaN",
      "{} {}",
      "{\"" + "k".repeat(5000) + "\":1}",
    };
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void whatWouldHurtIsNotRead(String text) {
    assertThatThrownBy(() -> Json.mapper().readTree(text)).isInstanceOf(JacksonException.class);
  }

  @Test
  void whatIsAbsentIsLeftOut() {
    record Sample(Optional<String> there, Optional<String> absent) {}

    assertThat(Json.mapper().writeValueAsString(new Sample(Optional.of("x"), Optional.empty())))
        .isEqualTo("{\"there\":\"x\"}");
  }

  @Test
  void textIsQuotedSafely() {
    assertThat(Json.quoted("a\"\n\\</script>\u0000")).isEqualTo("\"a\\\"\\n\\\\</script>\\u0000\"");
  }
}
