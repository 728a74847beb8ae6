package dev.slipway.core.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.GroupSpec;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.app.SampleApps;
import dev.slipway.core.app.VersionInfo;
import dev.slipway.core.collection.PersistentMap;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant SECOND = FIRST.plusSeconds(1);

  @Test
  void startsNewAppsAndScalesThemLayerByLayer() {
    var after = root(app("/db"), app("/web", "/api"), app("/api", "/db"));

    assertThat(plan(Root.EMPTY, after))
        .containsExactly(
            "StartApplication /api, StartApplication /db, StartApplication /web",
            "ScaleApplication /db",
            "ScaleApplication /api",
            "ScaleApplication /web");
  }

  @Test
  void touchesIndependentAppsSideBySide() {
    assertThat(plan(Root.EMPTY, root(app("/a"), app("/b"))))
        .containsExactly(
            "StartApplication /a, StartApplication /b", "ScaleApplication /a, ScaleApplication /b");
  }

  @Test
  void countsLayersThroughAppsThatDoNotChange() {
    var before = root(app("/a"), app("/b", "/a"), app("/c", "/b"));
    var after = root(restarted("/a"), app("/b", "/a"), restarted("/c", "/b"));

    assertThat(plan(before, after))
        .containsExactly("RestartApplication /a", "RestartApplication /c");
  }

  @Test
  void stopsDependentsFirst() {
    var before = root(app("/db"), app("/api", "/db"), app("/web", "/api"));

    assertThat(plan(before, Root.EMPTY))
        .containsExactly("StopApplication /web", "StopApplication /api", "StopApplication /db");
  }

  @Test
  void stopsBeforeItStarts() {
    assertThat(plan(root(app("/old")), root(app("/new"))))
        .containsExactly("StopApplication /old", "StartApplication /new", "ScaleApplication /new");
  }

  @Test
  void scalesWhenOnlyTheNumberChangesOrNothingIsToRun() {
    App one = app("/a");
    App five = new App(one.spec().withInstances(5), one.versions().scaled(SECOND));
    App none = new App(one.spec().withInstances(0), VersionInfo.first(SECOND));

    assertThat(plan(root(one), root(five))).containsExactly("ScaleApplication /a");
    assertThat(plan(root(one), root(none))).containsExactly("ScaleApplication /a");
  }

  @Test
  void restartsWhereAnotherDeploymentWasReplacing() {
    App one = app("/a");
    App five = new App(one.spec().withInstances(5), one.versions().scaled(SECOND));

    assertThat(plan(root(one), root(five), Set.of(PathId.of("/a"))))
        .containsExactly("RestartApplication /a");
  }

  @Test
  void hasNothingToDoWhereNothingChanges() {
    assertThat(plan(root(app("/a")), root(app("/a")))).isEmpty();
  }

  @Test
  void makesEveryAppOfAGroupWaitForEveryAppOfAnother() {
    var after = root(app("/data/db"), app("/data/queue"), app("/front/web"));
    var group = new GroupSpec(PathId.of("/front"), new TreeSet<>(Set.of(PathId.of("/data"))));
    after = new Root(after.apps(), after.groups().put(group.id(), group), SECOND);

    assertThat(plan(Root.EMPTY, after).subList(1, 3))
        .containsExactly(
            "ScaleApplication /data/db, ScaleApplication /data/queue",
            "ScaleApplication /front/web");
  }

  @Test
  void findsCyclesOfAppsAndOfGroups() {
    var loop = root(app("/a", "/b"), app("/b", "/c"), app("/c", "/a"), app("/d", "/a"));
    assertThat(Planner.hasCycle(loop, List.of(PathId.of("/d")))).isTrue();
    assertThat(Planner.hasCycle(loop, List.of(PathId.of("/elsewhere")))).isFalse();
    assertThat(Planner.hasCycle(root(app("/x/a", "/y"), app("/y/b", "/x")), ids("/x/a"))).isTrue();
    assertThat(Planner.hasCycle(root(app("/x/a", "/x"), app("/x/b")), ids("/x/a"))).isFalse();
    assertThat(Planner.hasCycle(root(app("/a", "/nowhere")), ids("/a"))).isFalse();
  }

  @Test
  void followsChainsOfAnyLength() {
    int length = 20_000;
    App[] apps = new App[length];
    for (int i = 0; i < length; i++) {
      apps[i] = i == 0 ? app("/a0") : app("/a" + i, "/a" + (i - 1));
    }

    assertThat(plan(Root.EMPTY, root(apps))).hasSize(length + 1);
  }

  private static List<PathId> ids(String... ids) {
    return Arrays.stream(ids).map(PathId::of).toList();
  }

  private static List<String> plan(Root before, Root after) {
    return plan(before, after, Set.of());
  }

  private static List<String> plan(Root before, Root after, Set<PathId> unfinished) {
    return Planner.plan(before, after, changes(before, after), unfinished).stream()
        .map(
            step ->
                step.actions().stream()
                    .map(action -> action.kind().marathonName() + " " + action.app())
                    .collect(Collectors.joining(", ")))
        .toList();
  }

  private static SortedMap<PathId, Change<App>> changes(Root before, Root after) {
    var ids = new TreeSet<PathId>();
    before.apps().keys().forEach(ids::add);
    after.apps().keys().forEach(ids::add);
    SortedMap<PathId, Change<App>> changes = new TreeMap<>();
    for (PathId id : ids) {
      Optional<App> was = Optional.ofNullable(before.apps().get(id));
      Optional<App> is = Optional.ofNullable(after.apps().get(id));
      if (!was.equals(is)) {
        changes.put(id, new Change<>(was, is));
      }
    }
    return changes;
  }

  private static Root root(App... apps) {
    PersistentMap<PathId, App> all = PersistentMap.empty();
    for (App app : apps) {
      all = all.put(app.id(), app);
    }
    return new Root(all, Root.EMPTY.groups(), FIRST);
  }

  private static App app(String id, String... dependencies) {
    return new App(spec(id, dependencies), VersionInfo.first(FIRST));
  }

  private static App restarted(String id, String... dependencies) {
    return new App(spec(id, dependencies), VersionInfo.first(FIRST).restarted(SECOND));
  }

  private static AppSpec spec(String id, String... dependencies) {
    return SampleApps.sleeper(id).withDependencies(new TreeSet<>(ids(dependencies)));
  }
}
