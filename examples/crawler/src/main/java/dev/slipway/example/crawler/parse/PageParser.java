package dev.slipway.example.crawler.parse;

import dev.slipway.example.crawler.message.Address;
import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageResult;
import dev.slipway.example.crawler.message.PageResult.Ending;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jspecify.annotations.Nullable;

/// Reads links and items out of an HTML page. Pure.
///
/// An item is what the page marks as one: schema.org's Product in microdata (`itemprop` name,
/// price, priceCurrency, url), or Open Graph's product (`og:title`, `product:price:amount`). That
/// is how shops tell search engines. Links are those of `a[href]`, but not where the page or the
/// link says `nofollow`.
final class PageParser {
  private static final int NAME_LIMIT = 300;
  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([\\w.:-]+)", Pattern.CASE_INSENSITIVE);
  private static final Pattern PRICE = Pattern.compile("\\d[\\d.,' ]*");
  private static final int PRICE_LIMIT = 40;

  private final String version;

  /// @param version what the results shall name as their parser
  PageParser(String version) {
    this.version = version;
  }

  PageResult parse(Page page, String contentType, byte[] body) {
    Document document = document(page, contentType, body);
    List<String> links = new ArrayList<>();
    int dropped = 0;
    int bytes = 0;
    for (String link : links(document)) {
      if (links.size() == PageResult.LINK_LIMIT
          || bytes + link.length() > PageResult.LINK_BYTES_LIMIT) {
        dropped++;
        continue;
      }
      links.add(link);
      bytes += link.length();
    }
    return new PageResult(page, Ending.PARSED, "", version, items(page, document), links, dropped);
  }

  private static Document document(Page page, String contentType, byte[] body) {
    Matcher charset = CHARSET.matcher(contentType);
    String name = null;
    if (charset.find() && isCharset(charset.group(1))) {
      name = charset.group(1);
    }
    try {
      return Jsoup.parse(new ByteArrayInputStream(body), name, page.url());
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be read", e);
    }
  }

  private static boolean isCharset(String name) {
    try {
      return java.nio.charset.Charset.isSupported(name);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }

  private static Set<String> links(Document document) {
    Set<String> links = new LinkedHashSet<>();
    if (isNoFollow(document)) {
      return links;
    }
    for (Element anchor : document.select("a[href]")) {
      if (!anchor.attr("rel").toLowerCase(Locale.ROOT).contains("nofollow")) {
        Address.normalise(anchor.absUrl("href")).ifPresent(links::add);
      }
    }
    return links;
  }

  private static boolean isNoFollow(Document document) {
    return document.select("meta[name=robots]").stream()
        .map(meta -> meta.attr("content").toLowerCase(Locale.ROOT))
        .anyMatch(content -> content.contains("nofollow") || content.contains("none"));
  }

  private static List<Item> items(Page page, Document document) {
    String self = canonical(document).orElse(page.url());
    List<Item> items = new ArrayList<>();
    for (Element product : document.select("[itemscope][itemtype$=schema.org/Product]")) {
      if (items.size() < PageResult.ITEM_LIMIT) {
        microdata(product, self).ifPresent(items::add);
      }
    }
    if (items.isEmpty()) {
      openGraph(document, self).ifPresent(items::add);
    }
    return items;
  }

  private static Optional<Item> microdata(Element product, String self) {
    String name = property(product, "name");
    String link = self;
    Element url = product.selectFirst("[itemprop=url]");
    if (url != null) {
      link = Address.normalise(firstOf(url.absUrl("href"), url.absUrl("content"))).orElse(self);
    }
    return item(name, property(product, "price"), property(product, "priceCurrency"), link);
  }

  private static Optional<Item> openGraph(Document document, String self) {
    return item(
        meta(document, "og:title"),
        firstOf(meta(document, "product:price:amount"), meta(document, "og:price:amount")),
        firstOf(meta(document, "product:price:currency"), meta(document, "og:price:currency")),
        self);
  }

  private static Optional<Item> item(String name, String price, String currency, String link) {
    Optional<String> amount = amount(price);
    if (name.isEmpty() || amount.isEmpty()) {
      return Optional.empty();
    }
    String known = currency.toUpperCase(Locale.ROOT);
    if (!known.matches("[A-Z]{3}")) {
      known = "";
    }
    return Optional.of(new Item(shortened(name), amount.get(), known, link));
  }

  /// The number in a price such as `1,299.00`, `1.299,00 EUR` or `12`: what follows the last of
  /// several separators, or a single one with not three digits after it, are decimals.
  static Optional<String> amount(String price) {
    Matcher matcher = PRICE.matcher(price);
    if (price.length() > PRICE_LIMIT || !matcher.find()) {
      return Optional.empty();
    }
    String digits = matcher.group().replaceAll("[' ]", "").replaceAll("[.,]+$", "");
    int point = Math.max(digits.lastIndexOf('.'), digits.lastIndexOf(','));
    if (point < 0) {
      return Optional.of(digits);
    }
    String whole = digits.substring(0, point).replaceAll("[.,]", "");
    String rest = digits.substring(point + 1);
    boolean several = whole.length() != point;
    boolean mixed = digits.indexOf('.') >= 0 && digits.indexOf(',') >= 0;
    if (!mixed && (several || rest.length() == 3)) {
      return Optional.of(whole + rest);
    }
    return Optional.of(whole + "." + rest);
  }

  private static String property(Element scope, String name) {
    Element element = scope.selectFirst("[itemprop=" + name + "]");
    if (element == null) {
      return "";
    }
    return firstOf(element.attr("content").strip(), element.text().strip());
  }

  private static String meta(Document document, String property) {
    return attribute(document.selectFirst("meta[property=" + property + "]"), "content");
  }

  private static Optional<String> canonical(Document document) {
    Element link = document.selectFirst("link[rel=canonical][href]");
    if (link == null) {
      return Optional.empty();
    }
    return Address.normalise(link.absUrl("href"));
  }

  private static String attribute(@Nullable Element element, String name) {
    if (element == null) {
      return "";
    }
    return element.attr(name).strip();
  }

  private static String firstOf(String one, String other) {
    if (one.isEmpty()) {
      return other;
    }
    return one;
  }

  private static String shortened(String name) {
    if (name.length() <= NAME_LIMIT) {
      return name;
    }
    return name.substring(0, NAME_LIMIT);
  }
}
