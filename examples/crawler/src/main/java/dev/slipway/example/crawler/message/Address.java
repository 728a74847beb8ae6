package dev.slipway.example.crawler.message;

import crawlercommons.filters.basic.BasicURLNormalizer;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// Addresses of pages in one normal form, so that two ways to write an address are one page.
///
/// The form: http or https, host in lower case, no default port, no user, no fragment, dot segments
/// resolved, the parameters of the query sorted. At most [#LIMIT] characters.
public final class Address {
  /// Longer addresses are not crawled.
  public static final int LIMIT = 2_000;

  private static final BasicURLNormalizer NORMALIZER = BasicURLNormalizer.newBuilder().build();

  private Address() {}

  /// The normal form, or nothing if this is not the address of a page.
  public static Optional<String> normalise(String address) {
    String trimmed = address.strip();
    if (trimmed.length() > LIMIT || !isHttp(trimmed)) {
      return Optional.empty();
    }
    String normal = NORMALIZER.filter(trimmed);
    if (normal == null || normal.length() > LIMIT) {
      return Optional.empty();
    }
    return origin(normal).map(_ -> normal);
  }

  /// The normal form of a reference as written on the page `base`.
  public static Optional<String> resolve(String base, String reference) {
    try {
      return normalise(new URI(base).resolve(reference.strip().replace(" ", "%20")).toString());
    } catch (URISyntaxException | IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /// Scheme, host and port, such as `https://example.com` or `http://127.0.0.1:8080`.
  public static Optional<String> origin(String address) {
    try {
      URI uri = new URI(address);
      if (uri.getHost() == null || uri.getUserInfo() != null) {
        return Optional.empty();
      }
      String origin = uri.getScheme() + "://" + uri.getHost().toLowerCase(Locale.ROOT);
      if (uri.getPort() == -1) {
        return Optional.of(origin);
      }
      return Optional.of(origin + ":" + uri.getPort());
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private static boolean isHttp(String address) {
    return address.regionMatches(true, 0, "http://", 0, 7)
        || address.regionMatches(true, 0, "https://", 0, 8);
  }
}
