package dev.slipway.server.api;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.RebalancePass;
import dev.slipway.core.control.Reply;
import dev.slipway.core.rebalancing.Plan;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;

/// Moving running instances together: what it would bring, the wish to have it done, how far it is,
/// and its end.
public final class RebalanceRoutes implements RouteGroup {
  private static final String REBALANCE = "/api/v1/placement/rebalance";
  private static final String DRY_RUN = "dryRun";

  private final StateSource source;
  private final Commands commands;

  public RebalanceRoutes(StateSource source, Commands commands) {
    this.source = source;
    this.commands = commands;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get(REBALANCE, this::show);
    routes.post(REBALANCE, this::start);
    routes.delete(REBALANCE, this::stop);
  }

  private void show(Context context) {
    Json.answer(context, RebalanceText.of(source.state().rebalancing()));
  }

  private void start(Context context) {
    if (isDryRun(context)) {
      answer(context, RebalancePass.plan(source.state(), source.now()));
      return;
    }
    switch (commands.submit(new Input.Rebalance())) {
      case Reply.Rebalancing(Plan plan) -> {
        context.status(plan.isEmpty() ? 200 : 202);
        answer(context, plan);
      }
      case Reply.Refused refused -> throw new Refusal(409, refused.message());
      case Reply.Deploying _, Reply.Done _ -> show(context);
    }
  }

  private void stop(Context context) {
    switch (commands.submit(new Input.StopRebalancing())) {
      case Reply.NotFound missing -> throw Refusal.notFound(missing.message());
      case Reply.Refused refused -> throw new Refusal(409, refused.message());
      case Reply.Deploying _, Reply.Done _, Reply.Rebalancing _ -> {
        context.status(202);
        show(context);
      }
    }
  }

  private static boolean isDryRun(Context context) {
    String text = context.queryParam(DRY_RUN);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.isEmpty() || text.equals("true")) {
      return true;
    }
    throw Refusal.badRequest("dryRun is to be true or false");
  }

  private static void answer(Context context, Plan plan) {
    Json.answer(context, RebalanceText.PlanText.of(plan));
  }
}
