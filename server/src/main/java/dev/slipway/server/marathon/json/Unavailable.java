package dev.slipway.server.marathon.json;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Fields that Marathon knows and Slipway cannot honour yet. An app that asks for one of them is
/// refused by name rather than run without it. Values that ask for nothing (empty, or what Slipway
/// writes itself) are taken, so that what was read can be sent back.
final class Unavailable {
  private record Field(Predicate<JsonNode> asksForNothing, String advice) {}

  private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

  static {
    Predicate<JsonNode> empty = JsonNode::isEmpty;
    put("container", empty, "run the program itself, and fetch what it needs with 'fetch'");
    put("networks", Unavailable::isHostNetwork, "use [{\"mode\":\"host\"}] or leave it out");
    put("ipAddress", node -> false, "use 'portDefinitions' on the host's network");
    put("secrets", empty, "leave it out, or pass the value by a file that 'fetch' brings");
    put("residency", node -> false, "leave it out: there are no persistent volumes");
    put("readinessChecks", empty, "use 'healthChecks'");
    put("check", node -> false, "use 'healthChecks'");
    put("executorResources", node -> false, "leave it out: tasks need no executor");
    put("executor", Unavailable::isEmptyText, "leave it out: use 'cmd' or 'args'");
    put("tty", node -> node.isBoolean() && !node.booleanValue(), "leave it out");
    put("resourceLimits", empty, "use 'cpus' and 'mem'");
    put("acceptedResourceRoles", Unavailable::isAnyRole, "use [\"*\"] or leave it out");
    put("role", node -> isText(node, "*"), "use \"*\" or leave it out");
    put("storeUrls", empty, "use 'fetch'");
    put(
        "unreachableStrategy",
        Unavailable::isUsualUnreachableStrategy,
        "use \"disabled\" or leave it out: what goes silent is waited for");
  }

  private Unavailable() {}

  static void check(Fields fields) {
    FIELDS.forEach(
        (name, field) ->
            fields
                .node(name)
                .filter(node -> !field.asksForNothing().test(node))
                .ifPresent(
                    node ->
                        fields
                            .faults()
                            .value(
                                fields.path(name),
                                "'%s' is not available yet; %s".formatted(name, field.advice()))));
  }

  /// Notes values of `env` that refer to secrets.
  ///
  /// @return whether there are any
  static boolean checkSecrets(Fields env) {
    boolean found = false;
    for (String key : env.object().propertyNames()) {
      JsonNode value = env.object().get(key);
      if (value != null && value.isObject()) {
        env.faults()
            .value(env.path(key), "secrets are not available yet; give the value as a string");
        found = true;
      }
    }
    return found;
  }

  private static void put(String name, Predicate<JsonNode> asksForNothing, String advice) {
    FIELDS.put(name, new Field(asksForNothing, advice));
  }

  private static boolean isText(JsonNode node, String text) {
    return node.isString() && node.stringValue().equals(text);
  }

  private static boolean isEmptyText(JsonNode node) {
    return isText(node, "");
  }

  private static boolean isHostNetwork(JsonNode node) {
    if (!node.isArray()) {
      return false;
    }
    for (JsonNode network : node.values()) {
      JsonNode mode = network.isObject() ? network.get("mode") : null;
      if (mode == null || !isText(mode, "host")) {
        return false;
      }
    }
    return node.size() <= 1;
  }

  private static boolean isAnyRole(JsonNode node) {
    return node.isArray() && node.size() == 1 && isText(node.get(0), "*");
  }

  /// `disabled`, or Marathon's own default, which its clients send back without having asked for
  /// it.
  private static boolean isUsualUnreachableStrategy(JsonNode node) {
    if (isText(node, "disabled")) {
      return true;
    }
    JsonNode inactive = node.isObject() ? node.get("inactiveAfterSeconds") : null;
    JsonNode expunge = node.isObject() ? node.get("expungeAfterSeconds") : null;
    return inactive != null && inactive.asInt(-1) == 0 && expunge != null && expunge.asInt(-1) == 0;
  }
}
