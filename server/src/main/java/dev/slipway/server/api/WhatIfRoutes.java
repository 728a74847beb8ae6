package dev.slipway.server.api;

import dev.slipway.core.placement.WhatIf;
import dev.slipway.core.state.State;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import dev.slipway.server.http.UnreadableJson;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// `POST /api/v1/placement/what-if`: where instances would stand, on the nodes there are, with more
/// of them or without some. It changes nothing and holds nobody up: it is worked out on the state
/// as last published, by the thread of the one who asks, few at a time, and not for longer than
/// {@link #DEADLINE}.
public final class WhatIfRoutes implements RouteGroup {
  static final Duration DEADLINE = Duration.ofSeconds(5);

  /// How many are worked out at once; more are told to come again.
  private static final int AT_ONCE = 2;

  private static final Map<String, String> SOON = Map.of("Retry-After", "1");

  private final StateSource source;
  private final Semaphore turns = new Semaphore(AT_ONCE);

  public WhatIfRoutes(StateSource source) {
    this.source = source;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.post("/api/v1/placement/what-if", this::whatIf);
  }

  private void whatIf(Context context) {
    var body = StrictObject.of(body(context));
    if (!turns.tryAcquire()) {
      throw new Refusal(503, AT_ONCE + " such questions are worked out now; ask again", SOON);
    }
    try {
      answer(context, body);
    } finally {
      turns.release();
    }
  }

  private void answer(Context context, StrictObject body) {
    State state = source.state();
    WhatIfWish wish = WhatIfReading.read(state, body).orElseThrow(() -> refusal(body));
    long end = System.nanoTime() + DEADLINE.toNanos();
    WhatIf.Answer answer =
        WhatIf.place(
            wish.nodes(),
            state.root().apps(),
            app -> state.instancesOf(app).values(),
            wish.asks().stream().map(WhatIfWish.Asked::ask).toList(),
            () -> System.nanoTime() - end < 0);
    if (System.nanoTime() - end >= 0) {
      throw new Refusal(
          503, "it takes longer than %d s; ask for less".formatted(DEADLINE.toSeconds()), SOON);
    }
    Json.answer(context, WhatIfText.of(wish, answer));
  }

  private static JsonNode body(Context context) {
    try {
      return Json.read(context.bodyAsBytes());
    } catch (UnreadableJson problem) {
      throw Refusal.badRequest("the body is not JSON: " + problem.getMessage());
    }
  }

  private static Refusal refusal(StrictObject body) {
    return new Refusal(
        422,
        body.problems().stream()
            .limit(20)
            .map(problem -> problem.path() + " " + problem.message())
            .collect(Collectors.joining("; ")));
  }
}
