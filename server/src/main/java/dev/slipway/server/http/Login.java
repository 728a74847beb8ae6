package dev.slipway.server.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks for the token: as `Bearer`, as DC/OS's clients send it (`token=...`), or as the password of
/// HTTP Basic, with any name. Only the two addresses that monitors ask are open to everybody.
final class Login {
  private static final Set<String> OPEN = Set.of("/ping", "/health");
  private static final int MAX_HEADER_LENGTH = 4096;
  private static final String BEARER = "bearer ";
  private static final String DCOS = "token=";
  private static final String BASIC = "basic ";

  private final TokenHash hash;
  private final FailedLogins failures = new FailedLogins(System::nanoTime);

  Login(TokenHash hash) {
    this.hash = hash;
  }

  /// @param path as the client wrote it: what is open is open in one spelling only
  /// @param address the client's
  Optional<Refusal> check(String path, String address, @Nullable String authorization) {
    if (OPEN.contains(path)) {
      return Optional.empty();
    }
    Optional<Duration> wait = failures.blocked(address);
    if (wait.isPresent()) {
      return Optional.of(
          new Refusal(
              429,
              "too many wrong tokens from this address; try again later",
              Map.of("Retry-After", String.valueOf(wait.get().toSeconds() + 1))));
    }
    if (authorization == null) {
      return Optional.of(unknown());
    }
    if (token(authorization).filter(hash::matches).isPresent()) {
      return Optional.empty();
    }
    failures.failed(address);
    return Optional.of(unknown());
  }

  private static Refusal unknown() {
    // The words are Marathon's.
    return new Refusal(
        401,
        "Invalid username or password.",
        Map.of("WWW-Authenticate", "Basic realm=\"Slipway\", charset=\"UTF-8\""));
  }

  private static Optional<String> token(String authorization) {
    if (authorization.length() > MAX_HEADER_LENGTH) {
      return Optional.empty();
    }
    String lower = authorization.toLowerCase(Locale.ROOT);
    if (lower.startsWith(BEARER)) {
      return Optional.of(authorization.substring(BEARER.length()).strip());
    }
    if (lower.startsWith(DCOS)) {
      return Optional.of(authorization.substring(DCOS.length()).strip());
    }
    return lower.startsWith(BASIC)
        ? password(authorization.substring(BASIC.length()).strip())
        : Optional.empty();
  }

  private static Optional<String> password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
