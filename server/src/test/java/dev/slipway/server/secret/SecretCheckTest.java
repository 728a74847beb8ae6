package dev.slipway.server.secret;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.Secrets;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.control.AppChange;
import dev.slipway.core.control.GroupChange;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Problem;
import dev.slipway.core.control.Reply;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evolution;
import dev.slipway.core.state.State;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretCheckTest {
  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  private final TemporarySecrets secrets = new TemporarySecrets();
  private final SecretCheck check = new SecretCheck(secrets.store());
  private State state = State.EMPTY;

  @BeforeEach
  void store() {
    secrets.store().put(new TreeMap<>(Map.of(new SecretName("known"), SecretValue.of("value"))));
  }

  @AfterEach
  void close() {
    secrets.close();
  }

  private static AppSpec using(String... sources) {
    var names = new TreeMap<String, String>();
    for (String source : sources) {
      names.put("s" + names.size(), source);
    }
    return SampleApps.sleeper("/shop/web").toBuilder()
        .secrets(new Secrets(names, new TreeMap<>()))
        .build();
  }

  private void exists(AppSpec spec) {
    var app = new App(spec, VersionInfo.first(NOW));
    state =
        Evolution.apply(
            state, new Event.RootChanged(NOW, List.of(app), List.of(), List.of(), List.of(), NOW));
  }

  private static AppChange to(AppSpec spec) {
    return new AppChange(spec.id(), before -> new AppChange.Result.Revised(spec));
  }

  private Optional<Reply.Refused> put(AppSpec spec) {
    return check.refusal(
        state, new Input.ChangeApps(List.of(to(spec)), Input.Expectation.ANY, false));
  }

  @Test
  void anAppWithSecretsThatAreThereMayPass() {
    assertThat(put(using())).isEmpty();
    assertThat(put(using("known", "known"))).isEmpty();
  }

  @Test
  void aSecretThatIsMissingIsNamedWithTheCommandThatSetsIt() {
    assertThat(put(using("known", "shop/db")))
        .contains(
            new Reply.Invalid(
                List.of(
                    new Problem(
                        "/secrets/s1/source",
                        "the secret 'shop/db' is not in the store; set it with: slipway secret"
                            + " set shop/db"))));
    assertThat(put(using("no name")).toString()).contains("no name of a secret");
  }

  @Test
  void whatTheAppHasAlreadyIsNotHeldAgainstIt() {
    exists(using("gone"));
    assertThat(put(using("gone").withInstances(5))).isEmpty();
    assertThat(put(using("gone", "shop/db"))).isPresent();
  }

  @Test
  void groupsAreLookedThrough() {
    var inner =
        new GroupChange(
            PathId.of("/shop"),
            Optional.of(List.of(to(using("shop/db")))),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    var outer =
        new GroupChange(
            PathId.ROOT,
            Optional.empty(),
            Optional.of(List.of(inner)),
            Optional.empty(),
            Optional.empty());

    assertThat(check.refusal(state, new Input.ChangeGroup(outer, Input.Expectation.ANY, false)))
        .isPresent();
  }

  @Test
  void anEarlierVersionIsLookedAtToo() {
    exists(using("gone"));
    var now = new App(using(), VersionInfo.first(NOW.plusSeconds(9)));
    state =
        Evolution.apply(
            state,
            new Event.RootChanged(
                now.version(), List.of(now), List.of(), List.of(), List.of(), now.version()));

    assertThat(check.refusal(state, new Input.RestoreVersion(PathId.of("/shop/web"), NOW, false)))
        .isPresent();
    assertThat(
            check.refusal(
                state, new Input.RestoreVersion(PathId.of("/shop/web"), now.version(), false)))
        .isEmpty();
  }

  @Test
  void otherWishesPass() {
    exists(using("gone"));
    assertThat(check.refusal(state, new Input.RestartApp(PathId.of("/shop/web"), false))).isEmpty();
  }
}
