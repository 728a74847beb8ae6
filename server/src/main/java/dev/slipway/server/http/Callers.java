package dev.slipway.server.http;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/// Tells requests that a foreign web page had a browser send from those of the owner's programs.
///
/// A server on loopback is reached by every page that a browser on this machine shows. A page of
/// `evil.example` whose name was made to point to 127.0.0.1 (DNS rebinding) sends its own name as
/// `Host`; a page that just sends requests across sends its own `Origin`.
final class Callers {
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost\\.?|127(\\.[0-9]{1,3}){3}|\\[::1]");
  private static final Pattern PORT = Pattern.compile(":[0-9]{1,5}$");
  private static final Pattern DEFAULT_PORT = Pattern.compile(":(80|443)$");
  private static final Pattern ORIGIN = Pattern.compile("https?://([^/?#@]+)");

  private final boolean loopback;

  /// @param loopback whether the server listens on loopback
  Callers(boolean loopback) {
    this.loopback = loopback;
  }

  Optional<Refusal> check(HttpFields headers) {
    String host = headers.get(HttpHeader.HOST);
    if (host == null) {
      return Optional.of(Refusal.badRequest("the Host header is missing"));
    }
    if (loopback && !isLoopback(host)) {
      return Optional.of(
          new Refusal(
              421,
              "this server listens on loopback and answers to localhost, 127.0.0.1 and [::1] only"));
    }
    String origin = headers.get(HttpHeader.ORIGIN);
    if (origin != null && !isSame(origin, host)) {
      return Optional.of(new Refusal(403, "requests of pages from elsewhere are refused"));
    }
    return Optional.empty();
  }

  private static boolean isLoopback(String host) {
    String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    return LOOPBACK.matcher(name).matches();
  }

  private static boolean isSame(String origin, String host) {
    Matcher matcher = ORIGIN.matcher(origin.toLowerCase(Locale.ROOT));
    return matcher.matches()
        && portless(matcher.group(1)).equals(portless(host.toLowerCase(Locale.ROOT)));
  }

  /// Without a port that goes without saying. A proxy may speak HTTPS where this server does not,
  /// so the scheme is not compared.
  private static String portless(String authority) {
    return DEFAULT_PORT.matcher(authority).replaceFirst("");
  }
}
