package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static dev.slipway.core.scenario.GroupBuilder.group;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Root;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Reply;
import dev.slipway.core.state.RootHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What the root was before, and going back to it.
class HistoryScenarioTest {
  private final Scenario story = Scenario.onNodes(3);

  @Test
  void tellsEachOfTheLastVersionsExactly() {
    List<Root> roots = new ArrayList<>();
    for (int turn = 0; turn < 2 * RootHistory.MAX_VERSIONS; turn++) {
      switch (turn % 4) {
        case 0 ->
            change(
                group("/g" + turn % 8)
                    .with(app("/g" + turn % 8 + "/a", 1).version("" + turn))
                    .put());
        case 1 -> change(app("/b", turn % 3).version("" + turn).put());
        case 2 -> change(app("/c/d", 1).version("" + turn).put());
        default -> change(new Input.RemoveApp(PathId.of("/c/d"), true));
      }
      roots.add(story.state().root());
    }

    var versions = story.state().plans().history().versions();
    assertThat(versions).hasSize(RootHistory.MAX_VERSIONS);
    List<Root> kept = roots.subList(RootHistory.MAX_VERSIONS, roots.size());
    assertThat(versions.stream().map(RootHistory.Version::version))
        .containsExactlyElementsOf(kept.stream().map(Root::version).toList());
    for (Root root : kept) {
      assertThat(story.state().rootAt(root.version())).contains(root);
    }
    assertThat(story.state().rootAt(roots.getFirst().version())).isEmpty();
  }

  @Test
  void putsAGroupBackAsItWas() {
    change(group("/shop").with(app("/shop/web", 2).version("1"), app("/shop/db", 1)).put());
    Instant then = story.state().root().version();
    change(app("/shop/web", 3).version("2").put());
    change(new Input.RemoveApp(PathId.of("/shop/db"), false));
    change(app("/shop/new/cache", 1).put());
    change(app("/other", 1).put());

    change(new Input.RestoreGroup(PathId.of("/shop"), then, Input.Terms.PLAIN));

    assertThat(story.ready("/shop/web", "V", "1")).isEqualTo(2);
    assertThat(story.ready("/shop/db")).isEqualTo(1);
    assertThat(story.state().app(PathId.of("/shop/new/cache"))).isEmpty();
    assertThat(story.state().root().groups().containsKey(PathId.of("/shop/new"))).isFalse();
    assertThat(story.ready("/other")).isEqualTo(1);
  }

  @Test
  void answersThatAVersionOfAGroupDoesNotExist() {
    change(app("/shop/web", 1).put());
    assertThat(
            story.when(
                new Input.RestoreGroup(
                    PathId.of("/shop"), Instant.EPOCH.plusMillis(5), Input.Terms.PLAIN)))
        .isEqualTo(
            new Reply.NotFound("Group '/shop' does not exist in version 1970-01-01T00:00:00.005Z"));
  }

  private void change(Input.Command wish) {
    assertThat(Optional.of(story.when(wish)).flatMap(Reply::refusal)).isEmpty();
    story.eventually("all is settled", () -> story.state().deployments().isEmpty());
  }
}
