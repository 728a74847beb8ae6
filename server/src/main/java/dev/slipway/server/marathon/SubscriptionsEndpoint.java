package dev.slipway.server.marathon;

import dev.slipway.server.marathon.event.Callbacks;
import dev.slipway.server.marathon.event.MarathonEvent;
import java.util.Map;

/// `/v2/eventSubscriptions`: who is called back with every event. Marathon 1.4 gave it up; older
/// clients still ask for it.
record SubscriptionsEndpoint(Callbacks callbacks) {
  private static final String URL = "callbackUrl";

  Answer answer(Call call) {
    return switch (call.method()) {
      case GET -> Answer.ok(Map.of("callbackUrls", callbacks.urls()));
      case POST -> subscribe(call);
      case DELETE -> Answer.ok(callbacks.unsubscribe(url(call), call.clientIp()).fields());
      case PUT, PATCH -> throw Rejected.method();
    };
  }

  private Answer subscribe(Call call) {
    String url = url(call);
    var problem = Callbacks.problem(url);
    if (problem.isPresent()) {
      return Answer.message(422, "'" + URL + "' " + problem.get());
    }
    return callbacks
        .subscribe(url, call.clientIp())
        .map(MarathonEvent::fields)
        .map(Answer::ok)
        .orElseGet(
            () ->
                Answer.message(
                    422, "there are %d subscribers already".formatted(Callbacks.MAX_SUBSCRIBERS)));
  }

  private static String url(Call call) {
    return call.query()
        .text(URL)
        .orElseThrow(() -> new Rejected(Answer.message(422, "'" + URL + "' must be given")));
  }
}
