package dev.slipway.example.crawler.fetch;

import java.time.Duration;

/// What one GET gave.
sealed interface Download {
  /// A page of text. An HTML page, unless a robots.txt was asked for.
  @SuppressWarnings("ArrayRecordComponent") // carried once, never compared
  record Body(String contentType, byte[] bytes) implements Download {}

  /// Another address in its place, as the server wrote it.
  record Redirect(String location) implements Download {}

  /// Something that is not crawled, such as an image.
  record Uninteresting(String kind) implements Download {}

  /// It failed, and would fail again.
  record Refused(String kind, int status) implements Download {}

  /// It failed, perhaps not the next time.
  ///
  /// @param kind why
  /// @param after the pause that the server asked for, zero if it did not
  record Unavailable(String kind, Duration after) implements Download {}
}
