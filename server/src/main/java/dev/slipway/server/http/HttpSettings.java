package dev.slipway.server.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/// Where the server listens and whom it answers.
///
/// @param host the name or address to listen on
/// @param port 0 takes any that is free
/// @param token what clients must know; without one the server listens on loopback only
public record HttpSettings(String host, int port, Optional<TokenHash> token, HttpLimits limits) {
  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;

  public static final HttpSettings DEFAULT =
      new HttpSettings(DEFAULT_HOST, DEFAULT_PORT, Optional.empty(), HttpLimits.DEFAULT);

  public HttpSettings {
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("a port lies within 0 to 65535: " + port);
    }
    if (token.isEmpty() && !isLoopback(host)) {
      throw new IllegalArgumentException(
          "listening on %s needs a token: whoever reaches the API runs programs here"
              .formatted(host));
    }
  }

  /// Whether a name or address to listen on is reachable from this machine alone.
  ///
  /// @throws IllegalArgumentException when the name is unknown
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("'" + host + "' is no address of this machine", e);
    }
  }

  public boolean isLoopback() {
    return isLoopback(host);
  }

  public HttpSettings at(String newHost, int newPort) {
    return new HttpSettings(newHost, newPort, token, limits);
  }

  public HttpSettings withToken(TokenHash hash) {
    return new HttpSettings(host, port, Optional.of(hash), limits);
  }

  public HttpSettings withLimits(HttpLimits newLimits) {
    return new HttpSettings(host, port, token, newLimits);
  }
}
