package dev.slipway.example.crawler.parse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.example.crawler.message.Item;
import dev.slipway.example.crawler.message.Page;
import dev.slipway.example.crawler.message.PageResult;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PageParserTest {
  private static final Page PAGE = new Page("http://shop/a/b", 0, false);

  private final PageParser parser = new PageParser("7");

  private PageResult parse(String html) {
    return parser.parse(PAGE, "text/html", html.getBytes(UTF_8));
  }

  @Test
  void linksAreFoundOnceInNormalForm() {
    PageResult result =
        parse(
            """
            <a href="c">1</a><a href="/a/c#x">2</a><a href="//other/">3</a><a href="mailto:a@b">4</a>
            <a href="javascript:x()">5</a><a name="here">6</a><a href="/q?b=1&amp;a=2">7</a><a href="http://[">8</a>
            """);
    assertThat(result.links())
        .containsExactly("http://shop/a/c", "http://other/", "http://shop/q?a=2&b=1");
    assertThat(result.version()).isEqualTo("7");
  }

  @Test
  void aBaseElementMovesLinks() {
    assertThat(parse("<base href='http://shop/x/'><a href='y'>y</a>").links())
        .containsExactly("http://shop/x/y");
  }

  @Test
  void whoAsksNotToBeFollowedIsNot() {
    assertThat(parse("<a rel='noopener nofollow' href='/x'>x</a><a href='/y'>y</a>").links())
        .containsExactly("http://shop/y");
    assertThat(parse("<meta name='robots' content='noindex, nofollow'><a href='/y'>y</a>").links())
        .isEmpty();
  }

  @Test
  void aProductInMicrodataIsAnItem() {
    PageResult result =
        parse(
            """
            <div itemscope itemtype="https://schema.org/Product"><h1 itemprop="name"> Oak  Lamp </h1>
            <div itemprop="offers" itemscope><span itemprop="price" content="12.50">12,50</span>
            <meta itemprop="priceCurrency" content="eur"></div><a itemprop="url" href="/lamp#top">x</a></div>
            """);
    assertThat(result.items())
        .containsExactly(new Item("Oak Lamp", "12.50", "EUR", "http://shop/lamp"));
  }

  @Test
  void aProductInOpenGraphIsAnItem() {
    PageResult result =
        parse(
            """
            <link rel="canonical" href="http://shop/lamp"><meta property="og:title" content="Oak Lamp">
            <meta property="product:price:amount" content="99"><meta property="product:price:currency" content="USD">
            """);
    assertThat(result.items())
        .containsExactly(new Item("Oak Lamp", "99", "USD", "http://shop/lamp"));
  }

  @Test
  void aProductWithoutPriceIsNone() {
    assertThat(
            parse(
                    "<div itemscope itemtype='http://schema.org/Product'><b itemprop='name'>Lamp</b></div>")
                .items())
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12|12",
        "12.5|12.5",
        "EUR 1,299.00|1299.00",
        "1.299,00 EUR|1299.00",
        "1'299.95|1299.95",
        "1,299|1299",
        "1.234.567|1234567",
        "9,90|9.90",
        "$5.-|5",
        "12.|12"
      })
  void aPriceIsUnderstoodAsItIsWrittenInManyPlaces(String written, String amount) {
    assertThat(PageParser.amount(written)).contains(amount);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "on request", "."})
  void whatIsNoPriceIsNone(String written) {
    assertThat(PageParser.amount(written)).isEmpty();
  }

  @Test
  void theCharacterSetOfTheHeaderHolds() {
    byte[] body =
        "<a href='/x'>x</a><meta property='og:title' content='Öl'><meta property='og:price:amount' content='1'>"
            .getBytes(ISO_8859_1);
    assertThat(parser.parse(PAGE, "text/html; charset=ISO-8859-1", body).items().getFirst().name())
        .isEqualTo("Öl");
    assertThat(parser.parse(PAGE, "text/html; charset=no-such-set", body).links()).hasSize(1);
  }

  @Test
  void aPageOfLinksWithoutEndIsCutAndThatIsTold() {
    String html =
        IntStream.range(0, PageResult.LINK_LIMIT + 5)
            .mapToObj(number -> "<a href='/" + number + "'>x</a>")
            .collect(Collectors.joining());
    PageResult result = parse(html);
    assertThat(result.links()).hasSize(PageResult.LINK_LIMIT);
    assertThat(result.droppedLinks()).isEqualTo(5);
  }

  @Test
  void brokenHtmlIsReadAsBrowsersDo() {
    assertThat(parse("<table><a href=/x>x<td></p></div>\u0000<a href='/y").links())
        .contains("http://shop/x");
  }
}
