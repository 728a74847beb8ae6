package dev.slipway.server.marathon.json;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Secrets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What a client says of an app's variables and secrets: variables hold texts or refer to secrets
/// by the app's own names for them.
///
/// @param env all variables, where the client says anything of them
/// @param sources where the secrets lie in the store, by the app's names for them
record SecretPart(Optional<Variables> env, Optional<SortedMap<String, String>> sources) {

  record Variables(SortedMap<String, String> plain, SortedMap<String, String> secret) {}

  static SecretPart read(Fields app) {
    return new SecretPart(app.object("env").flatMap(SecretPart::variables), sources(app));
  }

  SortedMap<String, String> plainOver(Optional<AppSpec> before) {
    return env.map(Variables::plain).or(() -> before.map(AppSpec::env)).orElseGet(TreeMap::new);
  }

  Secrets over(Secrets before) {
    return new Secrets(
        sources.orElse(before.sources()), env.map(Variables::secret).orElse(before.environment()));
  }

  private static Optional<Variables> variables(Fields env) {
    if (env.object().size() > AppLimits.ENV_ENTRIES) {
      env.wrong("must have at most " + AppLimits.ENV_ENTRIES + " entries");
      return Optional.empty();
    }
    SortedMap<String, String> plain = new TreeMap<>();
    SortedMap<String, String> secret = new TreeMap<>();
    for (Map.Entry<String, JsonNode> entry : env.object().properties()) {
      String name = entry.getKey();
      checkName(env, name);
      if (entry.getValue().isObject()) {
        env.object(name)
            .flatMap(reference -> reference.requiredText("secret", AppLimits.NAME_LENGTH))
            .ifPresent(known -> secret.put(name, known));
      } else {
        env.text(name)
            .filter(
                value ->
                    value.isEmpty() || env.isShort(value, env.path(name), AppLimits.VALUE_LENGTH))
            .ifPresent(value -> plain.put(name, value));
      }
    }
    return Optional.of(new Variables(plain, secret));
  }

  private static void checkName(Fields env, String name) {
    if (name.isEmpty() || name.contains("=")) {
      env.wrong("the name of a variable must not be empty or contain '='");
      return;
    }
    env.isShort(name, env.path(), AppLimits.NAME_LENGTH);
  }

  private static Optional<SortedMap<String, String>> sources(Fields app) {
    return app.object("secrets")
        .map(
            secrets -> {
              SortedMap<String, String> result = new TreeMap<>();
              if (secrets.object().size() > AppLimits.SECRETS) {
                secrets.wrong("must have at most " + AppLimits.SECRETS + " entries");
                return result;
              }
              for (String name : secrets.object().propertyNames()) {
                secrets.isShort(name, secrets.path(), AppLimits.NAME_LENGTH);
                source(secrets, name).ifPresent(source -> result.put(name, source));
              }
              return result;
            });
  }

  private static Optional<String> source(Fields secrets, String name) {
    if (!secrets.has(name)) {
      secrets.missing(name);
    }
    return secrets
        .object(name)
        .flatMap(secret -> secret.requiredText("source", AppLimits.NAME_LENGTH));
  }

  /// As they are written: texts, and `{"secret": name}`.
  static Map<String, Object> written(AppSpec app) {
    if (app.secrets().environment().isEmpty()) {
      return new LinkedHashMap<>(app.env());
    }
    SortedMap<String, Object> all = new TreeMap<>(app.env());
    app.secrets().environment().forEach((name, secret) -> all.put(name, Map.of("secret", secret)));
    return all;
  }
}
