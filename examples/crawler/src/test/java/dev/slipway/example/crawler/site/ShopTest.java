package dev.slipway.example.crawler.site;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShopTest {
  private final Shop shop = new Shop(1_000, 1);

  @Test
  void theSameSeedMakesTheSameShop() {
    Shop again = new Shop(1_000, 1);
    for (int number = 1; number <= 1_000; number++) {
      assertThat(again.article(number)).isEqualTo(shop.article(number));
      assertThat(again.related(number)).isEqualTo(shop.related(number));
    }
    assertThat(new Shop(1_000, 2).article(1)).isNotEqualTo(shop.article(1));
  }

  @Test
  void everyItemIsInOneCategory() {
    assertThat(
            IntStream.rangeClosed(1, shop.categories())
                .boxed()
                .flatMap(category -> shop.category(category).stream())
                .map(Shop.Article::number))
        .containsExactlyElementsOf(IntStream.rangeClosed(1, 1_000).boxed().toList());
    assertThat(shop.category(shop.categoryOf(121)).getFirst().number()).isEqualTo(121);
  }

  @Test
  void theAllowedItemsAreThoseNotOnClearance() {
    assertThat(
            IntStream.rangeClosed(1, 1_000)
                .filter(number -> !shop.article(number).clearance())
                .count())
        .isEqualTo(shop.allowedItems());
  }
}
