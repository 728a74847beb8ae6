package dev.slipway.server.http;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// A request whose body is refused once it turns out to be larger than allowed, or slower: a client
/// that sends a byte now and then would hold its place for as long as it likes. One that sends
/// nothing at all runs into the connection's idle timeout.
final class MeteredBody extends Request.Wrapper {
  private final long limit;
  private final HttpLimits limits;
  private final long begin = System.nanoTime();
  private long read;

  /// @param limit the largest body in bytes
  MeteredBody(Request request, long limit, HttpLimits limits) {
    super(request);
    this.limit = limit;
    this.limits = limits;
  }

  @Override
  public Content.@Nullable Chunk read() {
    Content.Chunk chunk = super.read();
    if (chunk == null || Content.Chunk.isFailure(chunk)) {
      return chunk;
    }
    read += chunk.remaining();
    if (read > limit) {
      return refused(chunk, BodyRule.tooLarge(limit));
    }
    if (!chunk.isLast() && isSlow()) {
      return refused(
          chunk,
          new Refusal(
              408,
              "the body came slower than %d bytes a second"
                  .formatted(limits.bodyBytesPerSecond())));
    }
    return chunk;
  }

  private boolean isSlow() {
    double seconds = (System.nanoTime() - begin) / 1e9;
    return seconds * 1e9 > limits.bodyGrace().toNanos()
        && read < seconds * limits.bodyBytesPerSecond();
  }

  private Content.Chunk refused(Content.Chunk chunk, Refusal refusal) {
    chunk.release();
    var failure = new BodyRefused(refusal);
    return Content.Chunk.from(failure, true);
  }
}
