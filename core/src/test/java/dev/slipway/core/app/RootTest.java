package dev.slipway.core.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RootTest {
  @Test
  void dependsOnTheAppsItNames() {
    var root = root(app("/web", "/db"), app("/db"), app("/other"));
    assertThat(dependencies(root, "/web")).containsExactly("/db");
    assertThat(dependencies(root, "/db")).isEmpty();
  }

  @Test
  void dependsOnAllAppsOfTheGroupsItNames() {
    var root =
        root(
            app("/web", "/data"),
            app("/data/db"),
            app("/data/deep/queue"),
            app("/data-2/db"),
            app("/dat"));
    assertThat(dependencies(root, "/web")).containsExactly("/data/db", "/data/deep/queue");
  }

  @Test
  void dependsOnWhatAnyGroupAroundItNames() {
    var root =
        root(app("/shop/front/web"), app("/db"), app("/queue"), app("/bank/web"))
            .with(group("/shop", "/db"))
            .with(group("/shop/front", "/queue"));
    assertThat(dependencies(root.root(), "/shop/front/web")).containsExactly("/db", "/queue");
    assertThat(dependencies(root.root(), "/bank/web")).isEmpty();
  }

  @Test
  void passesOverItselfAndNamesThatNothingAnswersTo() {
    var root = root(app("/shop/web", "/shop", "/nowhere"), app("/shop/db"));
    assertThat(dependencies(root, "/shop/web")).containsExactly("/shop/db");
  }

  @Test
  void doesNotAddTheDependenciesOfDependencies() {
    var root = root(app("/a", "/b"), app("/b", "/c"), app("/c"));
    assertThat(dependencies(root, "/a")).containsExactly("/b");
  }

  @Test
  void listsWhatLiesWithinAGroup() {
    var root =
        root(app("/a/x"), app("/a"), app("/a-b"), app("/b"))
            .with(group("/a"))
            .with(group("/a/x"))
            .with(group("/a-b"))
            .root();
    assertThat(root.appsWithin(PathId.of("/a")).stream().map(App::id).map(PathId::toString))
        .containsExactly("/a", "/a/x");
    assertThat(root.appsWithin(PathId.ROOT)).hasSize(4);
    assertThat(root.appsWithin(PathId.of("/c"))).isEmpty();
    assertThat(root.groupsWithin(PathId.of("/a")).stream().map(GroupSpec::id).map(PathId::toString))
        .containsExactly("/a", "/a/x");
  }

  private record Tree(Root root) {
    Tree with(GroupSpec group) {
      return new Tree(new Root(root.apps(), root.groups().put(group.id(), group), root.version()));
    }
  }

  private static Tree root(AppSpec... specs) {
    var apps = Root.EMPTY.apps();
    for (AppSpec spec : specs) {
      apps = apps.put(spec.id(), new App(spec, VersionInfo.first(Instant.EPOCH)));
    }
    return new Tree(new Root(apps, Root.EMPTY.groups(), Instant.EPOCH));
  }

  private static List<String> dependencies(Tree tree, String app) {
    return dependencies(tree.root(), app);
  }

  private static List<String> dependencies(Root root, String app) {
    App found = Objects.requireNonNull(root.apps().get(PathId.of(app)));
    return root.dependenciesOf(found.spec()).stream().map(PathId::toString).toList();
  }

  private static AppSpec app(String id, String... dependencies) {
    return SampleApps.sleeper(id).withDependencies(paths(dependencies));
  }

  private static GroupSpec group(String id, String... dependencies) {
    return new GroupSpec(PathId.of(id), paths(dependencies));
  }

  private static SortedSet<PathId> paths(String... paths) {
    var result = new TreeSet<PathId>();
    Stream.of(paths).map(PathId::of).forEach(result::add);
    return result;
  }
}
