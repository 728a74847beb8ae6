package dev.slipway.server.secret;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Problem;
import dev.slipway.core.control.Reply;
import dev.slipway.core.state.State;
import dev.slipway.server.control.WantedApps;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Refuses wishes after which an app would newly refer to a secret that the store does not have:
/// better told to the one who deploys than found out by tasks that do not start. It looks at what
/// the wish would come to now; a secret that is removed by force later, or in between, is told by
/// the tasks.
///
/// References that the app has already are not held against it: it can be scaled all the same.
public final class SecretCheck {
  private final SecretStore store;

  public SecretCheck(SecretStore store) {
    this.store = store;
  }

  /// What to answer instead of deciding about the wish; mostly nothing.
  public Optional<Reply.Refused> refusal(State state, Input.Command wish) {
    List<AppSpec> wanted = WantedApps.of(state, wish);
    List<Problem> problems = problems(state, wanted);
    return problems.isEmpty() ? Optional.empty() : Optional.of(new Reply.Invalid(problems));
  }

  private List<Problem> problems(State state, List<AppSpec> wanted) {
    Set<String> fresh = new HashSet<>();
    wanted.forEach(app -> fresh.addAll(fresh(state, app)));
    Set<String> missing = Set.copyOf(store.missing(fresh));
    List<Problem> problems = new ArrayList<>();
    for (AppSpec app : wanted) {
      Collection<String> offending = fresh(state, app);
      for (Map.Entry<String, String> secret : app.secrets().sources().entrySet()) {
        String source = secret.getValue();
        if (offending.contains(source) && missing.contains(source)) {
          problems.add(
              new Problem("/secrets/" + secret.getKey() + "/source", SecretStore.advice(source)));
        }
      }
    }
    return problems;
  }

  /// The sources that the app did not have before.
  private static Set<String> fresh(State state, AppSpec app) {
    Set<String> sources = new HashSet<>(app.secrets().sources().values());
    if (!sources.isEmpty()) {
      current(state, app.id())
          .ifPresent(before -> sources.removeAll(before.secrets().sources().values()));
    }
    return sources;
  }

  private static Optional<AppSpec> current(State state, PathId id) {
    return state.app(id).map(App::spec);
  }
}
