package dev.slipway.server.http;

import java.time.Duration;

/// How much clients may ask, and how slowly.
///
/// @param bodyBytes a request's body, but for uploads, which know their own limit
/// @param headerBytes the request line and all headers together
/// @param targetBytes the path and query of a request
/// @param connections connections that are open at once; more wait to be accepted
/// @param requests requests that are handled at once, event streams included; more are refused
/// @param idleTimeout a connection on which nothing moves is closed after it
/// @param headerTimeout a request's headers must be complete this long after their first byte
/// @param bodyBytesPerSecond a body that comes slower is refused, after `bodyGrace`
/// @param bodyGrace how long a body may come as slowly as it likes
/// @param stopTimeout how long requests that go on may hold up the end of the server
public record HttpLimits(
    long bodyBytes,
    int headerBytes,
    int targetBytes,
    int connections,
    int requests,
    Duration idleTimeout,
    Duration headerTimeout,
    long bodyBytesPerSecond,
    Duration bodyGrace,
    Duration stopTimeout) {
  public static final long BODY_BYTES = 1024L * 1024;
  public static final int HEADER_BYTES = 32 * 1024;
  public static final int TARGET_BYTES = 8 * 1024;
  public static final int CONNECTIONS = 2000;
  public static final int REQUESTS = 1000;
  public static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
  public static final Duration HEADER_TIMEOUT = Duration.ofSeconds(10);
  public static final long BODY_BYTES_PER_SECOND = 500;
  public static final Duration BODY_GRACE = Duration.ofSeconds(10);
  public static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

  public static final HttpLimits DEFAULT =
      new HttpLimits(
          BODY_BYTES,
          HEADER_BYTES,
          TARGET_BYTES,
          CONNECTIONS,
          REQUESTS,
          IDLE_TIMEOUT,
          HEADER_TIMEOUT,
          BODY_BYTES_PER_SECOND,
          BODY_GRACE,
          STOP_TIMEOUT);

  public HttpLimits {
    if (bodyBytes < 1 || headerBytes < 1 || targetBytes < 1 || connections < 1 || requests < 1) {
      throw new IllegalArgumentException("limits of the HTTP server are at least 1");
    }
  }

  public HttpLimits withRequests(int count) {
    return new HttpLimits(
        bodyBytes,
        headerBytes,
        targetBytes,
        connections,
        count,
        idleTimeout,
        headerTimeout,
        bodyBytesPerSecond,
        bodyGrace,
        stopTimeout);
  }

  /// The same limits with other patience for slow senders.
  public HttpLimits withPatience(Duration headers, Duration body, long bytesPerSecond) {
    return new HttpLimits(
        bodyBytes,
        headerBytes,
        targetBytes,
        connections,
        requests,
        idleTimeout,
        headers,
        bytesPerSecond,
        body,
        stopTimeout);
  }
}
