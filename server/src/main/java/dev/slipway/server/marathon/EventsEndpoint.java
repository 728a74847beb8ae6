package dev.slipway.server.marathon;

import dev.slipway.server.marathon.event.EventStream;
import dev.slipway.server.marathon.event.EventStreams;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `/v2/events`: an event stream that stays open, each on a virtual thread of its own.
record EventsEndpoint(EventStreams streams) {
  private static final Logger LOG = LoggerFactory.getLogger(EventsEndpoint.class);

  void open(Context context) {
    if (!context.method().equals(HandlerType.GET)) {
      throw Rejected.method();
    }
    if (!accepts(context)) {
      throw new Rejected(
          Answer.message(405, "This request must accept text/event-stream (header Accept)"));
    }
    var query = new Query(context.queryParamMap());
    var stream =
        streams
            .attach(
                Set.copyOf(query.all("event_type")),
                query.text("plan-format").filter(form -> form.equals("light")).isPresent(),
                context.ip(),
                Optional.ofNullable(context.header("Last-Event-ID")))
            .orElseThrow(
                () ->
                    new Rejected(
                        Answer.message(
                            503,
                            "there are %d event streams already"
                                .formatted(EventStreams.MAX_STREAMS))));
    context.contentType("text/event-stream");
    context.header("Cache-Control", "no-cache");
    // In chunks, unlike Marathon's: clients built on Python's requests read a body without them in
    // blocks of 512 bytes, and would have an event only once others filled the block.
    // Tells nginx not to collect the stream before it passes it on.
    context.header("X-Accel-Buffering", "no");
    var over = new CompletableFuture<Void>();
    context.future(() -> over);
    HttpServletResponse response = context.res();
    Thread.ofVirtual()
        .name("events-" + stream.hashCode())
        .start(() -> write(stream, response, over));
  }

  private static boolean accepts(Context context) {
    return Collections.list(context.req().getHeaders("Accept")).stream()
        .anyMatch(accept -> accept.contains("text/event-stream"));
  }

  /// Writes to the servlet's own stream: Javalin's would compress.
  private void write(
      EventStream stream, HttpServletResponse response, CompletableFuture<Void> over) {
    try {
      stream.writeTo(response.getOutputStream());
    } catch (IOException gone) {
      LOG.debug("events.gone reason=\"{}\"", gone.getMessage());
    } catch (InterruptedException cut) {
      Thread.currentThread().interrupt();
    } finally {
      streams.detach(stream);
      over.complete(null);
    }
  }
}
