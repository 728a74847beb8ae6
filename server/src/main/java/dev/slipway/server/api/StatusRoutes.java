package dev.slipway.server.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.slipway.server.http.Accept;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What monitors ask: `/health`, and `/metrics` in two forms.
public final class StatusRoutes implements RouteGroup {
  private record HealthText(
      String status, boolean leader, String journal, int backlog, String engine) {
    static HealthText of(ServerHealth now) {
      return new HealthText(
          now.status(),
          now.leader(),
          now.unwritable().orElse("writable"),
          now.backlog(),
          now.engineProblem().orElse("ok"));
    }
  }

  private record MemberText(
      @JsonUnwrapped HealthText health,
      String role,
      @Nullable String lastTerm,
      @Nullable String unfit) {
    static MemberText of(HealthText health, ServerHealth.Member member) {
      return new MemberText(
          health, member.role(), member.lastTerm().orElse(null), member.unfit().orElse(null));
    }
  }

  private final Supplier<ServerHealth> health;
  private final Metrics metrics;

  /// @param health asked for each answer; returns at once
  public StatusRoutes(Supplier<ServerHealth> health, Metrics metrics) {
    this.health = health;
    this.metrics = metrics;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get("/health", this::health);
    routes.get("/metrics", this::metrics);
    routes.get("/metrics/prometheus", this::prometheus);
  }

  private void health(Context context) {
    ServerHealth now = health.get();
    context.status(now.isWell() ? 200 : 503);
    HealthText text = HealthText.of(now);
    Json.answer(
        context, now.member().<Object>map(member -> MemberText.of(text, member)).orElse(text));
  }

  /// Marathon's form, but for Prometheus itself, which says what it reads and asks here unless told
  /// otherwise.
  private void metrics(Context context) {
    var accept = Accept.of(context.header("Accept"));
    if (accept.names("text/plain") || accept.names("application/openmetrics-text")) {
      prometheus(context);
      return;
    }
    Json.answer(context, metrics.marathon());
  }

  private void prometheus(Context context) {
    context.contentType(Metrics.CONTENT_TYPE).result(metrics.scrape());
  }
}
