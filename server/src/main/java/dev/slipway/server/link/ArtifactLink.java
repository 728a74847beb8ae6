package dev.slipway.server.link;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A link to the bytes of one artifact, which proves itself until it expires. It names the bytes by
/// their checksum, so it never gives anything else.
///
/// @param sha256 64 lower-case hexadecimal digits
/// @param expires in seconds since 1970
record ArtifactLink(String sha256, long expires) {
  static final String PATH = "/api/v1/linked-artifacts/";

  private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern QUERY =
      Pattern.compile("expires=([0-9]{1,12})&signature=([A-Za-z0-9_-]{43})");

  private String text() {
    return sha256 + "\n" + expires;
  }

  /// Path and query, signed.
  String written(LinkKey key) {
    return PATH + sha256 + "?expires=" + expires + "&signature=" + key.sign(text());
  }

  boolean hasExpired(Instant now) {
    return now.getEpochSecond() > expires;
  }

  /// The link that a request shows, if it is one of ours, expired or not.
  static Optional<ArtifactLink> read(LinkKey key, String path, String query) {
    Matcher asked = QUERY.matcher(query);
    if (!path.startsWith(PATH) || !asked.matches()) {
      return Optional.empty();
    }
    String sha256 = path.substring(PATH.length());
    if (!CHECKSUM.matcher(sha256).matches()) {
      return Optional.empty();
    }
    var link = new ArtifactLink(sha256, Long.parseLong(asked.group(1)));
    return key.signed(link.text(), asked.group(2)) ? Optional.of(link) : Optional.empty();
  }
}
