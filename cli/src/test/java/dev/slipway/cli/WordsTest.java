package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WordsTest {
  private static final Screen SCREEN = new Screen(true, 80, true);

  @Test
  void numbersHaveAtMostTwoPlacesAndNoTrailingZeros() {
    assertThat(List.of(Words.number(2), Words.number(0.5), Words.number(1.25), Words.number(0.05)))
        .containsExactly("2", "0.5", "1.25", "0.05");
    assertThat(Words.number(1.999)).isEqualTo("2");
    assertThat(Words.number(-0.5)).isEqualTo("-0.5");
  }

  @Test
  void momentsAreReadAsTheJdkReadsThem() {
    for (String moment :
        List.of("2026-11-22T05:24:01.234Z", "2024-02-29T23:59:59.000Z", "1970-01-01T00:00:00Z")) {
      assertThat(Words.moment(moment)).isEqualTo(Instant.parse(moment).toEpochMilli());
    }
    assertThat(Words.moment("yesterday at twenty o'clock")).isEqualTo(-1);
    assertThat(Words.moment("2026-13-22T05:24:01.234Z")).isEqualTo(-1);
    assertThat(Words.moment("")).isEqualTo(-1);
  }

  @Test
  void agesAreShort() {
    long now = Instant.parse("2026-11-22T06:00:00Z").toEpochMilli();
    assertThat(Words.age("2026-11-22T05:59:48.000Z", now)).isEqualTo("12s");
    assertThat(Words.age("2026-11-22T05:24:00.000Z", now)).isEqualTo("36m");
    assertThat(Words.age("2026-11-20T05:24:00.000Z", now)).isEqualTo("48h");
    assertThat(Words.age("2026-11-01T05:24:00.000Z", now)).isEqualTo("21d");
    assertThat(Words.age("", now)).isEqualTo("-");
  }

  @Test
  void durationsAndSizesAreReadable() {
    assertThat(Words.duration(Duration.ofMillis(850))).isEqualTo("850 ms");
    assertThat(Words.duration(Duration.ofMillis(4_260))).isEqualTo("4.2 s");
    assertThat(Words.duration(Duration.ofMinutes(10))).isEqualTo("10 min");
    assertThat(Words.duration(Duration.ofSeconds(185))).isEqualTo("3 min 5 s");
    assertThat(Words.bytes(1023)).isEqualTo("1023 B");
    assertThat(Words.bytes(1536)).isEqualTo("1.5 KiB");
    assertThat(Words.bytes(3L << 30)).isEqualTo("3 GiB");
  }

  @Test
  void cuttingKeepsTheWidthWhateverItIs() {
    String text = "shop_cart.instance-3f2a91c0";
    for (int width = 0; width <= 30; width++) {
      assertThat(Words.cut(text, width, SCREEN)).hasSizeLessThanOrEqualTo(width);
      assertThat(Words.cutMiddle(text, width, SCREEN)).hasSizeLessThanOrEqualTo(width);
    }
    assertThat(Words.cutMiddle(text, 13, SCREEN))
        .isEqualTo("shop_c…3f2a91".substring(0, 6) + "…2a91c0");
    assertThat(Words.cut("abcdef", 4, SCREEN)).isEqualTo("abc…");
  }

  @Test
  void distanceCountsInsertionsDeletionsChangesAndSwaps() {
    assertThat(Words.distance("apps", "apps")).isZero();
    assertThat(Words.distance("aps", "apps")).isEqualTo(1);
    assertThat(Words.distance("deplyo", "deploy")).isEqualTo(1);
    assertThat(Words.distance("", "abc")).isEqualTo(3);
    assertThat(Words.distance("kitten", "sitting")).isEqualTo(3);
  }

  @Test
  void timesAreReadWithUnitsOnly() {
    var converter = new Waiting.TimeConverter();
    assertThat(converter.convert("1h30m")).isEqualTo(Duration.ofMinutes(90));
    assertThat(converter.convert("90s")).isEqualTo(Duration.ofSeconds(90));
    for (String wrong : List.of("", "10", "m", "10x", "0s", "999999999999h", "-5s", "8000000h")) {
      assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> converter.convert(wrong)))
          .as(wrong)
          .hasMessageContaining("is no time");
    }
  }

  @Test
  void theLocaleDecidesAboutUnicode() {
    assertThat(Screen.isUnicode(Map.of("LANG", "C.UTF-8"))).isTrue();
    assertThat(Screen.isUnicode(Map.of("LANG", "en_US.utf8", "LC_ALL", "C"))).isFalse();
    assertThat(Screen.isUnicode(Map.of())).isFalse();
  }

  @Test
  void idsResolveAgainstTheirGroup() {
    assertThat(DeployCommand.resolved("/shop", "web")).isEqualTo("/shop/web");
    assertThat(DeployCommand.resolved("/shop", "/web")).isEqualTo("/web");
    assertThat(DeployCommand.resolved("/shop/in", "../web")).isEqualTo("/shop/web");
    assertThat(DeployCommand.resolved("/", "web")).isEqualTo("/web");
    assertThat(AppsReadiness.commonPath(List.of("/shop/a", "/shop/b/c"))).isEqualTo("/shop");
    assertThat(AppsReadiness.commonPath(List.of("/shop", "/shopping"))).isEqualTo("/");
    assertThat(AppsReadiness.commonPath(List.of("/a/b"))).isEqualTo("/a/b");
  }
}
