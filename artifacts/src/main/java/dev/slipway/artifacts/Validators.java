package dev.slipway.artifacts;

import java.util.Optional;

/// What a server says to recognise a version of a resource by (RFC 9110, section 8.8).
record Validators(Optional<String> etag, Optional<String> lastModified) {
  static final Validators NONE = new Validators(Optional.empty(), Optional.empty());

  /// Longer ones are not kept; a server that sends such is not asked conditionally.
  private static final int LONGEST = 512;

  Validators {
    etag = etag.filter(Validators::isShortLine);
    lastModified = lastModified.filter(Validators::isShortLine);
  }

  private static boolean isShortLine(String value) {
    return !value.isBlank()
        && value.length() <= LONGEST
        && value.chars().noneMatch(c -> Character.isISOControl(c) || c > 0xff);
  }

  boolean isPresent() {
    return etag.isPresent() || lastModified.isPresent();
  }

  /// What proves, byte for byte, that the rest belongs to the part already here.
  Optional<String> forResuming() {
    return etag.filter(tag -> !tag.startsWith("W/")).or(() -> lastModified);
  }
}
