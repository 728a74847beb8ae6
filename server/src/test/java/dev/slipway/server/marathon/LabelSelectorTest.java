package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelSelectorTest {
  private static final Map<String, String> LABELS =
      Map.of("tier", "front", "in", "x", "odd key", "a,b", "env", "test");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          tier | true
          other | false
          tier==front | true
          tier == back | false
          tier!=back | true
          tier!=front | false
          other!=front | false
          tier in (back, front) | true
          tier in(back) | false
          tier notin (back) | true
          tier notin (front,back) | false
          other notin (front) | false
          tier, env==test | true
          tier,env==live | false
          in | true
          in in (x) | true
          odd\\ key == a\\,b | true
          """)
  void everyTermHasToHoldAndItsKeyToBeThere(String selector, boolean matches) {
    assertThat(LabelSelector.parse(selector).matches(LABELS)).isEqualTo(matches);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ",", "a,", "a==", "a=b", "a in (", "a in ()", "a in (b", "a b", "a notin", "(a)"
      })
  void whatIsNoSelectorIsRefused(String selector) {
    assertThatThrownBy(() -> LabelSelector.parse(selector)).isInstanceOf(Rejected.class);
  }
}
