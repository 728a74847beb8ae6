package dev.slipway.server.api;

import dev.slipway.core.control.Input;
import dev.slipway.core.control.PolicyRevision;
import dev.slipway.core.control.Problem;
import dev.slipway.core.control.Reply;
import dev.slipway.core.placement.PlacementPolicy;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import dev.slipway.server.http.UnreadableJson;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// How the platform deals with its nodes: the placement policy, replaced whole or patched. A client
/// that read it and sends it back says with `If-Match` what it read, so that nothing is lost which
/// another one changed meanwhile. And how much of the headroom is free.
public final class PlacementRoutes implements RouteGroup {
  private static final String POLICY = "/api/v1/placement/policy";
  private static final String IF_MATCH = "If-Match";

  private final StateSource source;
  private final Commands commands;

  public PlacementRoutes(StateSource source, Commands commands) {
    this.source = source;
    this.commands = commands;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get(
        "/api/v1/placement/headroom",
        context -> Json.answer(context, HeadroomText.of(source.state())));
    routes.get(POLICY, this::show);
    routes.put(POLICY, context -> change(context, (current, body) -> PolicyReading.whole(body)));
    routes.patch(POLICY, context -> change(context, PolicyReading::patched));
  }

  @FunctionalInterface
  private interface Reading {
    PolicyRevision.Result read(PlacementPolicy current, JsonNode body);
  }

  private void show(Context context) {
    answer(context, source.state().placementPolicy());
  }

  private void change(Context context, Reading reading) {
    JsonNode body = body(context);
    String wanted = context.header(IF_MATCH);
    PolicyRevision revision =
        current -> isMet(wanted, current) ? reading.read(current, body) : changedMeanwhile();
    switch (commands.submit(new Input.SetPlacementPolicy(revision))) {
      case Reply.Invalid(List<Problem> problems) -> throw refusal(problems);
      case Reply.Refused refused -> throw new Refusal(409, refused.message());
      case Reply.Deploying _, Reply.Done _, Reply.Rebalancing _ ->
          answer(context, source.state().placementPolicy());
    }
  }

  private static JsonNode body(Context context) {
    try {
      return Json.read(context.bodyAsBytes());
    } catch (UnreadableJson problem) {
      throw Refusal.badRequest("the body is not JSON: " + problem.getMessage());
    }
  }

  private static boolean isMet(@Nullable String wanted, PlacementPolicy current) {
    return wanted == null
        || wanted.strip().equals("*")
        || Arrays.stream(wanted.split(",")).map(String::strip).anyMatch(tag(current)::equals);
  }

  private static PolicyRevision.Result changedMeanwhile() {
    return new PolicyRevision.Result.Invalid(List.of(new Problem(IF_MATCH, "")));
  }

  private static Refusal refusal(List<Problem> problems) {
    if (problems.getFirst().path().equals(IF_MATCH)) {
      return new Refusal(412, "the policy was changed since you read it; read it again");
    }
    return new Refusal(
        422,
        problems.stream()
            .map(problem -> problem.path() + " " + problem.message())
            .collect(Collectors.joining("; ")));
  }

  private static void answer(Context context, PlacementPolicy policy) {
    context.header("ETag", tag(policy));
    Json.answer(context, PolicyText.of(policy));
  }

  /// Tells policies apart for people who change them, not for those who mean harm.
  private static String tag(PlacementPolicy policy) {
    var sum = new CRC32C();
    sum.update(Json.write(PolicyText.of(policy)));
    return String.format(Locale.ROOT, "\"%08x\"", sum.getValue());
  }
}
