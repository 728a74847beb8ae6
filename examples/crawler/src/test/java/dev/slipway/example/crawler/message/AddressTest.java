package dev.slipway.example.crawler.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "http://h, http://h/",
    "HTTP://Example.COM:80/a/../b#top, http://example.com/b",
    "https://h:443/x?b=2&a=1, https://h/x?a=1&b=2",
    "http://h/a b, http://h/a%20b",
    "http://127.0.0.1:8080/?, http://127.0.0.1:8080/",
    "http://user:secret@h/x, http://h/x"
  })
  void twoWaysToWriteAnAddressAreOnePage(String written, String normal) {
    assertThat(Address.normalise(written)).contains(normal);
    assertThat(Address.normalise(normal)).contains(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "mailto:a@b",
        "javascript:alert(1)",
        "ftp://h/",
        "http://",
        "file:///etc/passwd"
      })
  void whatIsNoPageHasNoAddress(String written) {
    assertThat(Address.normalise(written)).isEmpty();
  }

  @Test
  void anAddressWithoutEndIsNotCrawled() {
    assertThat(Address.normalise("http://h/" + "a".repeat(Address.LIMIT))).isEmpty();
  }

  @Test
  void aReferenceIsResolvedAgainstItsPage() {
    assertThat(Address.resolve("http://h/a/b", "../c?x=1#y")).contains("http://h/c?x=1");
    assertThat(Address.resolve("http://h/a", "//other/d")).contains("http://other/d");
    assertThat(Address.resolve("http://h/a", "http://[broken")).isEmpty();
  }

  @Test
  void anOriginTellsSchemeHostAndPort() {
    assertThat(Address.origin("http://h/x")).contains("http://h");
    assertThat(Address.origin("https://h:8443/x")).contains("https://h:8443");
    assertThat(Address.origin("nothing")).isEmpty();
  }
}
