package dev.slipway.core.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.PortDefinition;
import dev.slipway.core.app.Root;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.deployment.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RootDraftTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00.123456Z");

  @Test
  void givesTheLowestFreeServicePorts() {
    Root root = with(Root.EMPTY, ports("/a", 0, 0), ports("/b", 10_002, 0), ports("/c", 0));

    assertThat(portsOf(root, "/a")).containsExactly(10_000, 10_001);
    assertThat(portsOf(root, "/b")).containsExactly(10_002, 10_003);
    assertThat(portsOf(root, "/c")).containsExactly(10_004);
  }

  @Test
  void keepsTheServicePortThatAnAppHad() {
    Root root = with(with(Root.EMPTY, ports("/a", 0), ports("/b", 0)), ports("/a", 0, 0));

    assertThat(portsOf(root, "/a")).containsExactly(10_000, 10_002);
  }

  @Test
  void keepsItAlsoWhenAnotherAppAsksForTheSameByNumber() {
    Root root = with(with(Root.EMPTY, ports("/a", 0)), ports("/b", 10_000));
    var draft = new RootDraft(root, NOW);
    draft.put(ports("/a", 0));

    assertThat(draft.apps()).isEmpty();
  }

  @Test
  void neverGivesOnePortTwiceToOneApp() {
    Root root = with(with(Root.EMPTY, ports("/a", 0, 0)), ports("/a", 10_001, 0));

    assertThat(portsOf(root, "/a")).containsExactly(10_001, 10_000);
  }

  @Test
  void givesAPortAgainOnceItsAppIsGone() {
    Root root = with(Root.EMPTY, ports("/a", 0), ports("/b", 0));
    var draft = new RootDraft(root, NOW);
    draft.put(ports("/c", 0));
    draft.remove(PathId.of("/a"));
    draft.put(ports("/d", 0));

    assertThat(portsOf(draft.root(), "/c")).containsExactly(10_002);
    assertThat(portsOf(draft.root(), "/d")).containsExactly(10_000);
  }

  @Test
  void saysWhenNoServicePortIsLeft() {
    int all = Limits.LAST_SERVICE_PORT - Limits.FIRST_SERVICE_PORT + 1;
    Root root = with(Root.EMPTY, ports("/a", new int[all]));
    var draft = new RootDraft(root, NOW);
    draft.put(ports("/b", 0));

    assertThat(draft.problems())
        .containsExactly(
            new Problem("/portDefinitions(0)/port", "no service port is free any more"));
  }

  @Test
  void putsGroupsInPlaceAboveAnApp() {
    Root root = with(Root.EMPTY, SampleApps.sleeper("/a/b/c"));

    assertThat(root.groupsWithin(PathId.ROOT))
        .extracting(group -> group.id().toString())
        .containsExactly("/", "/a", "/a/b");
  }

  @Test
  void refusesAnAppAndAGroupOfOnePath() {
    Root root = with(Root.EMPTY, SampleApps.sleeper("/a/b"));
    for (String id : List.of("/a", "/a/b/c")) {
      var draft = new RootDraft(root, NOW);
      draft.put(SampleApps.sleeper(id));
      assertThat(draft.problems())
          .extracting(Problem::message)
          .containsExactly("Groups and Applications may not have the same identifier.");
    }
    var draft = new RootDraft(root, NOW);
    draft.put(new GroupSpec(PathId.of("/a/b"), new TreeSet<>()));
    assertThat(draft.problems()).hasSize(1);
  }

  @Test
  void namesVersionsByRisingMilliseconds() {
    Root root = with(Root.EMPTY, SampleApps.sleeper("/a"));
    assertThat(root.version()).isEqualTo(Instant.parse("2026-01-01T00:00:00.123Z"));

    var again = new RootDraft(root, NOW);
    assertThat(again.version()).isEqualTo(Instant.parse("2026-01-01T00:00:00.124Z"));
    var backwards = new RootDraft(root, NOW.minus(Duration.ofHours(1)));
    assertThat(backwards.version()).isEqualTo(Instant.parse("2026-01-01T00:00:00.124Z"));
  }

  @Test
  void knowsWhatChangedAndForgetsWhatWasChangedBack() {
    Root root = with(Root.EMPTY, SampleApps.sleeper("/a"));
    App first = app(root, "/a");
    var draft = new RootDraft(root, NOW);

    draft.put(SampleApps.sleeper("/a").withInstances(3));
    assertThat(draft.apps().get(PathId.of("/a")))
        .extracting(Change::before)
        .isEqualTo(Optional.of(first));
    draft.restore(first);
    assertThat(draft.apps()).isEmpty();
    draft.put(SampleApps.sleeper("/b"));
    draft.remove(PathId.of("/b"));
    assertThat(draft.apps()).isEmpty();
  }

  @Test
  void keepsTheGenerationWhereInstancesMayKeepRunning() {
    Root root = with(Root.EMPTY, SampleApps.sleeper("/a"));
    App first = app(root, "/a");
    App scaled = app(with(root, SampleApps.sleeper("/a").withInstances(2)), "/a");
    App dependent =
        app(
            with(
                root,
                SampleApps.sleeper("/a").withDependencies(new TreeSet<>(List.of(PathId.of("/b"))))),
            "/a");

    assertThat(scaled.generation()).isEqualTo(first.generation());
    assertThat(scaled.versions().lastConfigChangeAt())
        .isEqualTo(first.versions().lastConfigChangeAt());
    assertThat(dependent.generation()).isEqualTo(first.generation());
    assertThat(dependent.versions().lastConfigChangeAt()).isEqualTo(dependent.version());
    assertThat(app(with(root, ports("/a", 0)), "/a").generation()).isNotEqualTo(first.generation());
  }

  @Test
  void removesAGroupWithAllThatItHoldsButNeverTheRoot() {
    Root root = with(Root.EMPTY, SampleApps.sleeper("/a/b/c"), SampleApps.sleeper("/a/d"));
    var draft = new RootDraft(root, NOW);
    draft.removeGroup(PathId.of("/a"));
    assertThat(draft.apps()).hasSize(2);
    assertThat(draft.groups()).hasSize(2);

    draft.removeGroup(PathId.ROOT);
    assertThat(draft.root().groups().size()).isEqualTo(1);
  }

  private static Root with(Root root, AppSpec... specs) {
    var draft = new RootDraft(root, NOW);
    for (AppSpec spec : specs) {
      draft.put(spec);
    }
    assertThat(draft.problems()).isEmpty();
    return draft.root();
  }

  private static App app(Root root, String id) {
    return Optional.ofNullable(root.apps().get(PathId.of(id))).orElseThrow();
  }

  private static List<Integer> portsOf(Root root, String id) {
    return app(root, id).spec().ports().stream().map(PortDefinition::port).toList();
  }

  private static AppSpec ports(String id, int... ports) {
    List<PortDefinition> definitions = new ArrayList<>();
    for (int port : ports) {
      definitions.add(PortDefinition.any().withPort(port));
    }
    return SampleApps.sleeper(id).withPorts(definitions);
  }
}
