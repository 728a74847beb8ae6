package dev.slipway.server.secret;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.engine.SecretUnreadable;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.core.state.State;
import dev.slipway.journal.HistoryLost;
import dev.slipway.journal.JournalFull;
import dev.slipway.journal.JournalUnreachable;
import dev.slipway.server.control.Unavailable;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Secrets over HTTP: their names can be seen, their values only be set. No answer, and no message
/// of a refusal, repeats anything of a body.
public final class SecretRoutes implements RouteGroup {
  private static final String PATH = "/api/v1/secrets";
  private static final String ONE = PATH + "/<name>";

  private record Secrets(List<Secret> secrets) {}

  private record Secret(String name, String createdAt, String changedAt, List<String> apps) {
    static Secret of(SecretStore.Entry entry, SecretUsers users) {
      return new Secret(
          entry.name().value(),
          Timestamps.format(entry.created()),
          Timestamps.format(entry.changed()),
          texts(users.of(entry.name())));
    }
  }

  /// @param apps those that refer to one of them, and have the new values when they restart
  private record Stored(List<String> created, List<String> replaced, List<String> apps) {}

  private final SecretStore store;
  private final Supplier<State> state;

  public SecretRoutes(SecretStore store, Supplier<State> state) {
    this.store = store;
    this.state = state;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get(PATH, context -> usable(() -> list(context)));
    routes.post(PATH, context -> usable(() -> putAll(context)));
    routes.put(ONE, context -> usable(() -> putOne(context)));
    routes.delete(ONE, context -> usable(() -> remove(context)));
    routes.post("/api/v1/secret-key/rotate", context -> usable(() -> rotate(context)));
  }

  @Override
  public List<String> uploads() {
    return List.of(PATH + "/");
  }

  @FunctionalInterface
  private interface Work {
    void run() throws IOException;
  }

  private static void usable(Work work) throws IOException {
    try {
      work.run();
    } catch (SecretUnreadable problem) {
      // It lasts until a person mends the key file, so that trying again later does not help.
      throw new Refusal(500, String.valueOf(problem.getMessage()));
    } catch (JournalFull | HistoryLost | StaleEpoch problem) {
      throw new Unavailable("nothing was changed: " + problem.getMessage());
    } catch (JournalUnreachable away) {
      throw new Unavailable(
          "the journal is away; look whether it took effect: " + away.getMessage());
    }
  }

  private void list(Context context) {
    SecretUsers users = SecretUsers.in(state.get());
    Json.answer(
        context, new Secrets(store.list().stream().map(entry -> Secret.of(entry, users)).toList()));
  }

  /// The body is the value, whatever bytes it has.
  private void putOne(Context context) throws IOException {
    SecretName name = name(context);
    byte[] value;
    try (InputStream body = context.bodyInputStream()) {
      value = body.readNBytes(SecretStore.MAX_VALUE_BYTES + 1);
    }
    if (value.length == 0) {
      throw new Refusal(422, "the body is empty: send the value as it is");
    }
    var values = new TreeMap<SecretName, SecretValue>();
    values.put(name, SecretValue.of(value));
    answer(context, values);
  }

  /// Several at once, all or none: `{"secrets":{"name":"value"}}`.
  private void putAll(Context context) {
    answer(context, values(context.bodyAsBytes()));
  }

  private void answer(Context context, SortedMap<SecretName, SecretValue> values) {
    switch (store.put(values)) {
      case SecretStore.Outcome.Stored(var created, var replaced) -> {
        SecretUsers users = SecretUsers.in(state.get());
        SortedSet<PathId> apps = new TreeSet<>();
        values.keySet().forEach(name -> apps.addAll(users.of(name)));
        context.status(replaced.isEmpty() ? 201 : 200);
        Json.answer(context, new Stored(texts(created), texts(replaced), texts(apps)));
      }
      case SecretStore.Outcome.Full(String message) -> throw new Refusal(507, message);
      case SecretStore.Outcome.TooLarge(String message) -> throw new Refusal(413, message);
    }
  }

  private void remove(Context context) {
    SecretName name = name(context);
    SortedSet<PathId> apps = SecretUsers.in(state.get()).of(name);
    boolean force = "true".equals(context.queryParam("force"));
    if (!apps.isEmpty() && !force) {
      throw new Refusal(
          409,
          "Secret '%s' is used by %s: they could not start any more; remove it all the same with force=true (--force)"
              .formatted(name, String.join(", ", texts(apps))));
    }
    if (!store.remove(name)) {
      throw Refusal.notFound("Secret '" + name + "' does not exist");
    }
    context.status(204);
  }

  private void rotate(Context context) {
    Json.answer(context, store.rotate());
  }

  private static SecretName name(Context context) {
    return name(context.pathParam("name"));
  }

  private static SecretName name(String text) {
    return SecretName.parse(text).orElseThrow(() -> new Refusal(422, SecretName.GRAMMAR_ADVICE));
  }

  private static SortedMap<SecretName, SecretValue> values(byte[] body) {
    var values = new TreeMap<SecretName, SecretValue>();
    for (var field : secrets(body).properties()) {
      if (!field.getValue().isString() || field.getValue().asString().isEmpty()) {
        throw new Refusal(
            422, "the value of '%s' is no text, or empty".formatted(name(field.getKey())));
      }
      values.put(name(field.getKey()), SecretValue.of(field.getValue().asString()));
    }
    if (values.isEmpty()) {
      throw new Refusal(422, "the body names no secret");
    }
    return values;
  }

  /// What Jackson says about a body may quote it, so none of that is told.
  private static JsonNode secrets(byte[] body) {
    try {
      JsonNode secrets = Json.mapper().readTree(body).path("secrets");
      if (secrets.isObject()) {
        return secrets;
      }
    } catch (JacksonException unreadable) {
      // Told below.
    }
    throw Refusal.badRequest("the body is not JSON of the form {\"secrets\":{\"name\":\"value\"}}");
  }

  private static List<String> texts(Collection<?> values) {
    return values.stream().map(Object::toString).toList();
  }
}
