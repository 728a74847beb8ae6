package dev.slipway.core.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathIdTest {
  @Test
  void readsAbsoluteAndRelativePathsAndForgivesSlashes() {
    for (String form : List.of("/shop/cart", "shop/cart", "//shop//cart", "/shop/cart/")) {
      assertThat(PathId.of(form)).as(form).hasToString("/shop/cart");
    }
    assertThat(PathId.of("/")).isEqualTo(PathId.ROOT);
    assertThat(PathId.of("")).isEqualTo(PathId.ROOT);
    assertThat(PathId.ROOT).hasToString("/");
  }

  @Test
  void resolvesAgainstAGroup() {
    PathId shop = PathId.of("/shop");
    assertThat(shop.resolve("cart")).hasToString("/shop/cart");
    assertThat(shop.resolve("./cart")).hasToString("/shop/cart");
    assertThat(shop.resolve("../bank")).hasToString("/bank");
    assertThat(shop.resolve("/bank")).hasToString("/bank");
    assertThat(shop.resolve("..")).isEqualTo(PathId.ROOT);
    assertThatThrownBy(() -> shop.resolve("../../bank"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leaves the root group");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "9", "a-b", "a.b", "a-1.b-2.c", "0-0", "a--b"})
  void acceptsMarathonsSegments(String segment) {
    assertThat(PathId.of("/" + segment).name()).contains(segment);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"A", "a_b", "-a", "a-", ".a", "a.", "a..b", "a.-b", "a b", "ä", "...", "a\n"})
  void refusesOtherSegments(String segment) {
    assertThatThrownBy(() -> PathId.of("/x/" + segment))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesPathsThatAreTooLong() {
    String longest = "/" + "a".repeat(PathId.MAX_LENGTH - 1);
    assertThat(PathId.of(longest)).hasToString(longest);
    assertThatThrownBy(() -> PathId.of(longest + "a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("255");
  }

  @Test
  void knowsWhatLiesWithinAGroup() {
    PathId cart = PathId.of("/shop/cart");
    assertThat(cart.isWithin(PathId.of("/shop"))).isTrue();
    assertThat(cart.isWithin(cart)).isTrue();
    assertThat(cart.isWithin(PathId.ROOT)).isTrue();
    assertThat(PathId.of("/shop").isWithin(cart)).isFalse();
    assertThat(PathId.of("/shop-2").isWithin(PathId.of("/shop"))).isFalse();
  }

  @Test
  void ordersGroupByGroup() {
    var sorted =
        Stream.of("/shop-2", "/shop/cart", "/", "/shop", "/shop/cart/db", "/bank")
            .map(PathId::of)
            .sorted()
            .map(PathId::toString);
    assertThat(sorted)
        .containsExactly("/", "/bank", "/shop", "/shop/cart", "/shop/cart/db", "/shop-2");
  }

  @Test
  void givesParentNameAndSafeForm() {
    PathId cart = PathId.of("/shop/cart");
    assertThat(cart.parent()).hasToString("/shop");
    assertThat(cart.name()).contains("cart");
    assertThat(cart.safe()).isEqualTo("shop_cart");
    assertThat(PathId.ROOT.name()).isEmpty();
    assertThatThrownBy(PathId.ROOT::parent).isInstanceOf(IllegalArgumentException.class);
  }
}
