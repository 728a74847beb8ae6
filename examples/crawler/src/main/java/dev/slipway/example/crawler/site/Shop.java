package dev.slipway.example.crawler.site;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// A shop that is made from a seed: the same seed and size give the same items, prices and links,
/// for ever. Immutable.
///
/// Items are numbered from 1. Each [#CLEARANCE_EVERY]th is on clearance, a part that robots.txt
/// closes. A category has up to [#CATEGORY_SIZE] items, shown [#PAGE_SIZE] a page.
final class Shop {
  static final int CLEARANCE_EVERY = 50;
  static final int CATEGORY_SIZE = 120;
  static final int PAGE_SIZE = 24;
  static final int RELATED = 6;

  private static final List<String> MATERIALS =
      List.of(
          "Oak", "Steel", "Linen", "Walnut", "Copper", "Felt", "Birch", "Glass", "Wool", "Cork",
          "Brass", "Ash");
  private static final List<String> KINDS =
      List.of(
          "plain", "folding", "tall", "small", "round", "heavy", "travel", "double", "woven",
          "brushed");
  private static final List<String> THINGS =
      List.of(
          "Lamp", "Chair", "Kettle", "Shelf", "Blanket", "Bowl", "Clock", "Basket", "Table",
          "Mirror", "Vase", "Stool", "Tray", "Hook", "Bench", "Candle", "Knife", "Board", "Pan",
          "Cushion");

  private final int items;
  private final long seed;

  Shop(int items, long seed) {
    this.items = items;
    this.seed = seed;
  }

  /// Something that the shop sells.
  ///
  /// @param number its number, from 1
  /// @param path where its page is
  record Article(int number, String name, BigDecimal price, String path, boolean clearance) {}

  int items() {
    return items;
  }

  /// How many items a polite crawler finds.
  int allowedItems() {
    return items - items / CLEARANCE_EVERY;
  }

  int categories() {
    return (items + CATEGORY_SIZE - 1) / CATEGORY_SIZE;
  }

  String categoryName(int category) {
    return MATERIALS.get((category - 1) % MATERIALS.size())
        + " & "
        + THINGS.get((category - 1) % THINGS.size())
        + " "
        + category;
  }

  static String categoryPath(int category) {
    return "/category/" + category;
  }

  /// The items of a category, in order.
  List<Article> category(int category) {
    int first = (category - 1) * CATEGORY_SIZE + 1;
    return IntStream.range(first, Math.min(first + CATEGORY_SIZE, items + 1))
        .mapToObj(this::article)
        .toList();
  }

  int categoryOf(int number) {
    return (number - 1) / CATEGORY_SIZE + 1;
  }

  boolean hasItem(int number) {
    return number >= 1 && number <= items;
  }

  boolean hasCategory(int category) {
    return category >= 1 && category <= categories();
  }

  Article article(int number) {
    SplittableRandom random = random(number);
    String kind = pick(KINDS, random);
    String thing = pick(THINGS, random);
    String name = pick(MATERIALS, random) + " " + thing + ", " + kind + ", No. " + number;
    BigDecimal price = BigDecimal.valueOf(random.nextLong(195, 49_900), 2);
    boolean clearance = number % CLEARANCE_EVERY == 0;
    String section = "/item/";
    if (clearance) {
      section = "/clearance/";
    }
    return new Article(
        number, name, price, section + number + "-" + thing.toLowerCase(Locale.ROOT), clearance);
  }

  /// What the page of an item recommends: other items, anywhere in the shop.
  List<Article> related(int number) {
    SplittableRandom random = random(-number);
    return IntStream.range(0, RELATED)
        .mapToObj(_ -> article(random.nextInt(1, items + 1)))
        .toList();
  }

  private SplittableRandom random(int number) {
    return new SplittableRandom(seed * 1_000_003 + number);
  }

  private static String pick(List<String> words, SplittableRandom random) {
    return words.get(random.nextInt(words.size()));
  }
}
