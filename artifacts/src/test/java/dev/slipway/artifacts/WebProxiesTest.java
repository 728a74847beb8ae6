package dev.slipway.artifacts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebProxiesTest {
  private static Optional<String> proxy(Map<String, String> environment, String uri)
      throws ArtifactProblem {
    return WebProxies.of(environment).proxyFor(URI.create(uri)).map(WebProxies.Proxy::toString);
  }

  @Test
  void eachSchemeHasItsVariable() throws Exception {
    var environment =
        Map.of("http_proxy", "http://one:3128", "https_proxy", "two:8080", "HTTP_PROXY", "bad:1");

    assertThat(proxy(environment, "http://h/x")).contains("one:3128");
    assertThat(proxy(environment, "https://h/x")).contains("two:8080");
    assertThat(proxy(Map.of(), "http://h/x")).isEmpty();
    assertThat(proxy(Map.of("http_proxy", " "), "http://h/x")).isEmpty();
  }

  @Test
  void capitalLettersCountButForHttpAsWithCurl() throws Exception {
    assertThat(proxy(Map.of("HTTPS_PROXY", "p:1"), "https://h/")).contains("p:1");
    assertThat(proxy(Map.of("HTTP_PROXY", "p:1"), "http://h/")).isEmpty();
    assertThat(proxy(Map.of("ALL_PROXY", "p"), "http://h/")).contains("p:1080");
  }

  @ParameterizedTest
  @CsvSource({
    "*, http://h/",
    "example.org, http://example.org/",
    "example.org, http://a.example.org./",
    ".example.org, http://a.Example.org/",
    "*.example.org, http://a.example.org/",
    "'other, h:81', http://h:81/",
    "h:443, https://h/",
    "10.0.0.0/8, http://10.1.2.3/",
    "127.0.0.1, http://127.0.0.1:99/",
    "::1, http://[::1]/",
    "fc00::/7, http://[fd00::1]/"
  })
  void whatNoProxyNamesIsAskedDirectly(String bypass, String uri) throws Exception {
    var environment = Map.of("all_proxy", "p:1", "no_proxy", bypass);

    assertThat(proxy(environment, uri)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "example.org, http://badexample.org/",
    "h:81, http://h/",
    "10.0.0.0/8, http://11.0.0.1/",
    "10.0.0.0/8, http://ten.example/",
    "10.0.0.0/99, http://10.0.0.1/"
  })
  void nothingElseIsAskedDirectly(String bypass, String uri) throws Exception {
    assertThat(proxy(Map.of("all_proxy", "p:1", "NO_PROXY", bypass), uri)).contains("p:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"socks5://p:1", "https://p:1", "http://", "http://joe:hunter2@p:x"})
  void aValueThatIsNoProxyFailsAndGoesRoundNothing(String value) {
    assertThatThrownBy(() -> proxy(Map.of("http_proxy", value), "http://h/"))
        .isInstanceOf(ArtifactProblem.class)
        .hasMessageContaining("http_proxy")
        .hasMessageNotContaining("hunter2");
  }
}
