package dev.slipway.artifacts;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// Through which proxies downloads go, told by environment variables as curl reads them, and with
/// it Mesos's fetcher: `http_proxy` (in small letters only), `https_proxy` or `HTTPS_PROXY`,
/// `all_proxy` or `ALL_PROXY` for both, and `no_proxy` or `NO_PROXY` for what is asked directly.
///
/// A value is read when it is needed: one that is not understood fails the fetch, and never goes
/// round the proxy.
public final class WebProxies {
  /// Directly to every server.
  public static final WebProxies NONE = new WebProxies(Map.of(), List.of());

  /// Where curl expects a proxy whose address has no port.
  private static final int DEFAULT_PORT = 1080;

  private static final int MOST_BYPASSES = 1000;

  /// A proxy that is spoken to in plain HTTP.
  ///
  /// @param credentials `user:password`
  record Proxy(String host, int port, Optional<String> credentials) {
    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  private record Setting(String variable, String value) {}

  private final Map<String, Setting> byScheme;
  private final List<Bypass> bypasses;

  private WebProxies(Map<String, Setting> byScheme, List<Bypass> bypasses) {
    this.byScheme = Map.copyOf(byScheme);
    this.bypasses = List.copyOf(bypasses);
  }

  /// @param environment of the process, as `System.getenv()` gives it
  public static WebProxies of(Map<String, String> environment) {
    var byScheme = new HashMap<String, Setting>();
    first(environment, "http_proxy", "all_proxy", "ALL_PROXY")
        .ifPresent(setting -> byScheme.put("http", setting));
    first(environment, "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        .ifPresent(setting -> byScheme.put("https", setting));
    List<Bypass> bypasses =
        first(environment, "no_proxy", "NO_PROXY").stream()
            .flatMap(setting -> Arrays.stream(setting.value.split("[,\\s]+", -1)))
            .filter(text -> !text.isEmpty())
            .limit(MOST_BYPASSES)
            .map(Bypass::of)
            .toList();
    return new WebProxies(byScheme, bypasses);
  }

  private static Optional<Setting> first(Map<String, String> environment, String... names) {
    return Stream.of(names)
        .filter(name -> !environment.getOrDefault(name, "").isBlank())
        .findFirst()
        .map(name -> new Setting(name, environment.getOrDefault(name, "").strip()));
  }

  /// The proxy that a request goes through.
  ///
  /// @throws ArtifactProblem when the variable that tells it is not understood
  Optional<Proxy> proxyFor(URI uri) throws ArtifactProblem {
    Setting setting = byScheme.get(uri.getScheme());
    if (setting == null) {
      return Optional.empty();
    }
    for (Bypass bypass : bypasses) {
      if (bypass.covers(uri)) {
        return Optional.empty();
      }
    }
    return Optional.of(parsed(setting));
  }

  private static Proxy parsed(Setting setting) throws ArtifactProblem {
    String value = setting.value;
    String text = value.contains("://") ? value : "http://" + value;
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new ArtifactProblem(setting.variable + " is not the address of a proxy");
    }
    if (!"http".equalsIgnoreCase(uri.getScheme())) {
      throw new ArtifactProblem(
          setting.variable + " names a proxy that does not speak HTTP, which is not supported");
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new ArtifactProblem(setting.variable + " is not the address of a proxy");
    }
    int port = uri.getPort() < 0 ? DEFAULT_PORT : uri.getPort();
    Optional<String> credentials =
        Optional.ofNullable(uri.getRawUserInfo())
            .filter(raw -> !raw.isEmpty())
            .map(raw -> URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
    return new Proxy(uri.getHost(), port, credentials);
  }

  /// One word of `no_proxy`: `*`, a domain with all below it, an address, or a network in CIDR
  /// notation; the first two may end with a port.
  private record Bypass(String host, int port, Optional<AddressPolicy.Range> network) {
    static Bypass of(String word) {
      Optional<AddressPolicy.Range> network = AddressPolicy.Range.parse(unbracketed(word));
      if (network.isPresent()) {
        return new Bypass("", -1, network);
      }
      int colon = word.lastIndexOf(':');
      boolean hasPort = colon > 0 && word.substring(colon + 1).matches("\\d{1,5}");
      String host = unbracketed(hasPort ? word.substring(0, colon) : word);
      int port = hasPort ? Integer.parseInt(word.substring(colon + 1)) : -1;
      String bare = host.replaceFirst("^\\*?\\.", "").toLowerCase(Locale.ROOT);
      return new Bypass(bare, port, AddressPolicy.Range.parse(host));
    }

    boolean covers(URI uri) {
      if (port >= 0 && port != portOf(uri)) {
        return false;
      }
      String asked = unbracketed(Objects.requireNonNull(uri.getHost())).toLowerCase(Locale.ROOT);
      if (network.isPresent()) {
        return literal(asked).filter(network.get()::contains).isPresent();
      }
      String name = asked.endsWith(".") ? asked.substring(0, asked.length() - 1) : asked;
      return host.equals("*") || name.equals(host) || name.endsWith("." + host);
    }

    private static int portOf(URI uri) {
      if (uri.getPort() >= 0) {
        return uri.getPort();
      }
      return uri.getScheme().equals("https") ? 443 : 80;
    }

    private static Optional<byte[]> literal(String host) {
      try {
        return Optional.of(InetAddress.ofLiteral(host).getAddress());
      } catch (IllegalArgumentException name) {
        return Optional.empty();
      }
    }
  }

  private static String unbracketed(String host) {
    return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
  }
}
