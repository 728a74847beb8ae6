package dev.slipway.example.crawler.site;

import dev.slipway.example.crawler.site.Shop.Article;
import dev.slipway.example.crawler.worker.WebServer.Answer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The pages of the shop as HTML. Products are marked as schema.org asks, as real shops do.
///
/// All names are made of the shop's own words; nothing that a visitor sends is ever shown, so
/// nothing needs to be escaped but the ampersand of a category's name.
final class ShopPages {
  private static final String STYLE =
      "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}"
          + "ul{columns:2}a{color:#06c}.price{font-size:1.5rem}";

  private final Shop shop;

  ShopPages(Shop shop) {
    this.shop = shop;
  }

  Answer home() {
    String categories =
        IntStream.rangeClosed(1, shop.categories())
            .mapToObj(category -> entry(Shop.categoryPath(category), shop.categoryName(category)))
            .collect(Collectors.joining());
    return page(
        "The Generated Shop",
        "<p>%d things, none of them real.</p><ul>%s</ul>".formatted(shop.items(), categories)
            + "<p><a href=\"/go/1\">Thing of the day</a> · <a href=\"/terms.pdf\">Terms</a> ·"
            + " <a href=\"/search?q=lamp\">Search</a> · <a href=\"mailto:shop@example.com\">Write to us</a></p>");
  }

  Answer category(int category, int number) {
    List<Article> articles = shop.category(category);
    int pages = (articles.size() + Shop.PAGE_SIZE - 1) / Shop.PAGE_SIZE;
    if (number < 1 || number > pages) {
      return missing();
    }
    String entries =
        articles.stream()
            .skip((long) (number - 1) * Shop.PAGE_SIZE)
            .limit(Shop.PAGE_SIZE)
            .map(article -> entry(article.path(), article.name()))
            .collect(Collectors.joining());
    String pagination =
        IntStream.rangeClosed(1, pages)
            .mapToObj(page -> "<a href=\"%s\">%d</a>".formatted(pagePath(category, page), page))
            .collect(Collectors.joining(" "));
    return page(
        shop.categoryName(category),
        "<p><a href=\"../\">All categories</a></p><ul>%s</ul><p>Pages: %s</p>"
            .formatted(entries, pagination));
  }

  Answer item(Article article) {
    String related =
        shop.related(article.number()).stream()
            .map(other -> entry(other.path() + "#details", other.name()))
            .collect(Collectors.joining());
    int category = shop.categoryOf(article.number());
    return page(
        article.name(),
        """
        <div itemscope itemtype="https://schema.org/Product">
        <p itemprop="name">%s</p>
        <p itemprop="offers" itemscope itemtype="https://schema.org/Offer" class="price">
        <span itemprop="price" content="%s">%s</span> <span itemprop="priceCurrency">EUR</span></p>
        <p><a itemprop="url" href="%s">This thing</a> in <a href="%s">%s</a></p>
        </div><h2>Others looked at</h2><ul>%s</ul>"""
            .formatted(
                article.name(),
                article.price(),
                article.price(),
                article.path(),
                Shop.categoryPath(category),
                escaped(shop.categoryName(category)),
                related));
  }

  static Answer missing() {
    return Answer.text(404, "no such page");
  }

  private static String pagePath(int category, int page) {
    if (page == 1) {
      return Shop.categoryPath(category);
    }
    return Shop.categoryPath(category) + "?page=" + page;
  }

  private static String entry(String path, String name) {
    return "<li><a href=\"%s\">%s</a></li>".formatted(path, escaped(name));
  }

  private static Answer page(String title, String body) {
    return Answer.of(
        200,
        "text/html; charset=utf-8",
        """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>%s</title><style>%s</style></head>
        <body><h1>%s</h1>%s</body></html>
        """
            .formatted(escaped(title), STYLE, escaped(title), body));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;");
  }
}
