package dev.slipway.server.forward;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends each request on its [Way], as Marathon's `LeaderProxyFilter` does: the leader answers all
/// itself; another server answers what the state tells, with its age, and passes on the rest. It
/// stands behind the gate, so that who may not ask here is not passed on either.
public final class Forwarding extends Handler.Wrapper {
  /// The age of what is shown, in milliseconds.
  public static final String LAG = "X-Slipway-Lag-Millis";

  /// Says that the journal cannot be read now, so that nobody knows how much is missing.
  public static final String STALE = "X-Slipway-Stale";

  /// The number of the last event that an answer knows of, for the server that passes it on.
  public static final String SEQUENCE = "X-Slipway-Sequence";

  /// Names the servers that a request came through, as Marathon does.
  public static final String VIA = "X-Marathon-Via";

  /// What is older is not shown while there is a leader to ask.
  public static final Duration MOST_LAG = Duration.ofSeconds(30);

  private static final Logger LOG = LoggerFactory.getLogger(Forwarding.class);

  private final Surroundings surroundings;
  private final Passage passage;

  /// @param passage passes on what the leader has to answer
  public Forwarding(Surroundings surroundings, Passage passage, Handler next) {
    super(next);
    this.surroundings = surroundings;
    this.passage = passage;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    if (surroundings.leads()) {
      return super.handle(request, told(request, response), callback);
    }
    String path = Optional.ofNullable(request.getHttpURI().getPath()).orElse("");
    String query = Optional.ofNullable(request.getHttpURI().getQuery()).orElse("");
    Optional<URI> leader = surroundings.leader();
    boolean asked = leader.isPresent();
    return switch (Way.of(request.getMethod(), path, query)) {
      case SELF -> super.handle(request, response, callback);
      case STATE -> {
        boolean old = surroundings.lag().compareTo(MOST_LAG) > 0 && !surroundings.blind();
        yield (asked && old)
            ? pass(leader.get(), request, response, callback)
            : show(request, response, callback);
      }
      case DETAIL ->
          asked
              ? pass(leader.get(), request, response, callback)
              : show(request, response, callback);
      case LEADER ->
          asked
              ? pass(leader.get(), request, response, callback)
              : refuse(response, callback, 503, "no server leads now; try again", Optional.of("1"));
    };
  }

  private boolean show(Request request, Response response, Callback callback) throws Exception {
    response.getHeaders().put(LAG, surroundings.lag().toMillis());
    if (surroundings.blind()) {
      response.getHeaders().put(STALE, "true");
      response
          .getHeaders()
          .put("Warning", "110 slipway \"the journal cannot be read; this may be out of date\"");
    }
    return super.handle(request, response, callback);
  }

  private boolean pass(URI leader, Request request, Response response, Callback callback) {
    if (Hops.isLoop(request.getHeaders(), surroundings.self())) {
      return refuse(
          response,
          callback,
          502,
          "Detected proxying loop: the request came through this server already",
          Optional.empty());
    }
    if ("websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
      response.getHeaders().put(HttpHeader.LOCATION, leader + request.getHttpURI().getPathQuery());
      return refuse(response, callback, 307, "the leader is at " + leader, Optional.empty());
    }
    try {
      passage.pass(leader, request, response);
      callback.succeeded();
    } catch (Passage.Refused refused) {
      refuse(response, callback, refused.status(), refused.text(), refused.retryAfter());
    } catch (Passage.Broken broken) {
      LOG.debug("forward.broken reason=\"{}\"", broken.getMessage());
      callback.failed(broken);
    }
    return true;
  }

  /// Tells the server that asks for a client what the answer knows of, so that the client finds it
  /// there.
  private Response told(Request request, Response response) {
    if (!request.getHeaders().contains(VIA)) {
      return response;
    }
    return new Response.Wrapper(request, response) {
      @Override
      public void write(boolean last, ByteBuffer content, Callback callback) {
        if (!isCommitted()) {
          getHeaders().put(SEQUENCE, surroundings.sequence());
        }
        super.write(last, content, callback);
      }
    };
  }

  private static boolean refuse(
      Response response, Callback callback, int status, String text, Optional<String> retryAfter) {
    response.setStatus(status);
    retryAfter.ifPresent(seconds -> response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds));
    byte[] body = Refusals.body(text);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
