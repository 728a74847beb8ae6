package dev.slipway.server.http;

import dev.slipway.server.control.Unavailable;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What clients are told when a handler fails. What they did wrong is told to them and not logged;
/// a fault of the server is logged once with a number, and only the number is told.
final class FailureAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(FailureAnswers.class);
  private static final int MAX_CAUSES = 10;

  private FailureAnswers() {}

  static void register(RoutesConfig routes) {
    routes.exception(Refusal.class, (refusal, context) -> answer(context, refusal));
    routes.exception(
        HttpResponseException.class,
        (failure, context) -> answer(context, routing(failure, context)));
    routes.exception(
        Unavailable.class,
        (unavailable, context) ->
            answer(
                context,
                new Refusal(
                    503, String.valueOf(unavailable.getMessage()), Map.of("Retry-After", "1"))));
    routes.exception(
        Exception.class,
        (failure, context) ->
            unreadable(failure)
                .ifPresentOrElse(
                    refusal -> answer(context, refusal), () -> fault(context, failure)));
  }

  /// Where a request leads nowhere, or its body is too large for Javalin to read.
  private static Refusal routing(HttpResponseException failure, Context context) {
    String message =
        switch (failure.getStatus()) {
          case 404 -> "there is nothing at this address";
          case 405 -> "the method " + context.method().name() + " is not supported here";
          default -> String.valueOf(failure.getMessage());
        };
    return new Refusal(failure.getStatus(), message);
  }

  /// Where the client's own doing kept its body from being read.
  private static Optional<Refusal> unreadable(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
      Optional<Refusal> refusal =
          switch (cause) {
            case BodyRefused refused -> Optional.of(refused.refusal());
            case EofException _ -> Optional.of(Refusal.badRequest("the body ended early"));
            case HttpException bad -> Optional.of(new Refusal(bad.getCode(), "the body is broken"));
            case TimeoutException _ -> Optional.of(new Refusal(408, "the body did not come"));
            default -> Optional.empty();
          };
      if (refusal.isPresent()) {
        return refusal;
      }
      cause = cause.getCause();
    }
    return Optional.empty();
  }

  private static void fault(Context context, Exception failure) {
    if (failure instanceof IOException && context.res().isCommitted()) {
      // The client went away in the middle of an answer.
      LOG.debug("http.client.gone path={}", context.path());
      return;
    }
    answer(context, new Refusal(500, fault(failure)));
  }

  /// Logs a fault and gives what clients may know of it.
  static String fault(Throwable failure) {
    String id = UUID.randomUUID().toString();
    LOG.error("http.fault id={}", id, failure);
    return "internal error " + id + "; the server's log says more";
  }

  private static void answer(Context context, Refusal refusal) {
    var body = ErrorBody.of(context.path(), refusal.status(), refusal.text());
    refusal.headers().forEach(context::header);
    context.status(refusal.status()).contentType(body.contentType()).result(body.bytes());
  }
}
