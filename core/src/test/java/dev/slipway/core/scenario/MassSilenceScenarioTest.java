package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.Outlook;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.instance.KillReason;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.state.Event;
import dev.slipway.core.state.Evictions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Many nodes that go silent at once: rather the way to them is broken than all of them.
class MassSilenceScenarioTest {
  private static final int NODES = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Scenario story = Scenario.onNodes(NODES);
  private final AppBuilder web =
      app("/web", 8)
          .waitingFor(PATIENCE, PATIENCE)
          .constrained("hostname", Constraint.Operator.UNIQUE, "");

  private void silence(int from, int to) {
    for (int node = from; node <= to; node++) {
      story.engine().silence(node(node), true);
    }
  }

  private void comeBack(int from, int to) {
    for (int node = from; node <= to; node++) {
      story.engine().silence(node(node), false);
    }
  }

  private static NodeId node(int number) {
    return new NodeId("n" + number);
  }

  private Optional<Evictions.Pause> pause() {
    return story.state().evictions().pause();
  }

  private List<Event.KillOrdered> evicted() {
    return story.events(Event.KillOrdered.class).stream()
        .filter(order -> order.kill().reason() == KillReason.EXPUNGED)
        .toList();
  }

  private String reason() {
    Instance silent =
        story.instances("/web").stream()
            .filter(instance -> instance.condition() == Condition.UNREACHABLE)
            .findFirst()
            .orElseThrow();
    return new Outlook(story.state(), story.now()).ofUnreachable(silent).orElse("");
  }

  @Test
  void pausesEvictionsUntilAllAreHeardAgain() {
    story.given(web);
    silence(1, 3);
    assertThat(pause().orElseThrow().reason()).isEqualTo("3 of 8 nodes went silent within 60 s");
    assertThat(reason())
        .startsWith("it is not replaced: evictions are paused since 2026")
        .endsWith(", as 3 of 8 nodes went silent within 60 s");

    story.pass(Duration.ofHours(1));
    assertThat(evicted()).isEmpty();
    assertThat(story.instances("/web")).hasSize(8);

    comeBack(1, 3);
    assertThat(pause()).isEmpty();
    story.pass(Duration.ofMinutes(5));
    assertThat(evicted()).isEmpty();
    assertThat(story.running("/web")).isEqualTo(8);
    assertThat(story.events(Event.EvictionsResumed.class))
        .extracting(Event.EvictionsResumed::reason)
        .containsExactly("all nodes are heard of again");
  }

  @Test
  void isWhatAWholePictureShows() {
    story.given(web);
    story.engine().pictureWithSilent(node(1), node(2), node(3));
    story.pass(Duration.ofMinutes(5));
    assertThat(pause()).isPresent();
    assertThat(evicted()).isEmpty();
  }

  @Test
  void areNoTwoNodesNorAQuarterOfAll() {
    story.given(web);
    silence(1, 2);
    story.pass(Duration.ofMinutes(5));
    assertThat(pause()).isEmpty();
    assertThat(evicted()).hasSize(2);

    var large = Scenario.onNodes(12);
    large.given(web);
    List.of(1, 2, 3).forEach(node -> large.engine().silence(node(node), true));
    assertThat(large.state().evictions().pause()).isEmpty();
    large.engine().silence(node(4), true);
    assertThat(large.state().evictions().pause()).isPresent();
  }

  @Test
  void areNoNodesThatGoSilentOneAfterTheOther() {
    story.given(web);
    for (int node = 1; node <= 4; node++) {
      silence(node, node);
      story.pass(Evictions.WINDOW.plusSeconds(1));
    }
    assertThat(pause()).isEmpty();
    assertThat(evicted()).hasSize(4);
  }

  @Test
  void fewThatStaySilentAreReplacedOnceItIsCalm() {
    story.given(web);
    silence(1, 3);
    story.pass(Duration.ofMinutes(5));
    comeBack(2, 3);
    assertThat(pause()).isPresent();
    story.pass(Evictions.CALM.minusSeconds(1));
    assertThat(evicted()).isEmpty();

    story.pass(Duration.ofMinutes(1));
    assertThat(pause()).isEmpty();
    assertThat(evicted()).hasSize(1);
    assertThat(story.events(Event.EvictionsResumed.class))
        .extracting(Event.EvictionsResumed::reason)
        .containsExactly("1 of 8 nodes are silent still, no more");
  }

  @Test
  void aPersonMaySayThatTheyAreGone() {
    story.given(web);
    silence(1, 4);
    story.pass(Duration.ofMinutes(5));
    assertThat(evicted()).isEmpty();

    assertThat(story.when(new Input.ResumeEvictions())).isInstanceOf(Reply.Done.class);
    story.pass(Duration.ofSeconds(3));
    assertThat(pause()).isEmpty();
    assertThat(evicted()).hasSize(4);

    assertThat(story.when(new Input.ResumeEvictions()))
        .isEqualTo(new Reply.Conflict("Evictions are not paused"));
    silence(5, 6);
    assertThat(pause()).as("those that are believed to be gone do not count again").isEmpty();
    silence(7, 7);
    assertThat(pause()).isPresent();
  }

  @Test
  void outlivesTheServerThatNoticedIt() {
    story.given(web);
    silence(1, 3);
    story.restart();
    story.pass(Duration.ofMinutes(5));
    assertThat(pause()).isPresent();
    assertThat(evicted()).isEmpty();
    comeBack(1, 3);
    assertThat(pause()).isEmpty();
  }

  @Test
  void isNotWhatWasSilentLongBeforeAServerTookOver() {
    story.given(web);
    for (int node = 1; node <= 3; node++) {
      silence(node, node);
      story.pass(Duration.ofMinutes(2));
    }
    story.restart();
    story.pass(Duration.ofMinutes(5));
    assertThat(pause()).isEmpty();
  }

  @Test
  void instancesOfOneNodeAreReplacedNoFasterThanTheirRate() {
    int most = Evictions.AT_ONCE + 50;
    var crowd = Scenario.onNodes(4, Resources.of(100, 100_000, 1000, 0));
    crowd.given(
        app("/crowd", most)
            .requesting(0.01, 1)
            .waitingFor(Duration.ZERO, Duration.ZERO)
            .constrained("hostname", Constraint.Operator.CLUSTER, "n1"));
    assertThat(crowd.running("/crowd")).isEqualTo(most);
    crowd.engine().silence(node(1), true);
    long given = givenUp(crowd);
    assertThat(given).isEqualTo(Evictions.AT_ONCE);
    crowd.pass(Duration.ofSeconds(2));
    assertThat(givenUp(crowd)).isBetween(given + 10, given + 2L * Evictions.A_SECOND + 1);
    crowd.pass(Duration.ofSeconds(10));
    assertThat(givenUp(crowd)).isEqualTo(most);
  }

  private static long givenUp(Scenario story) {
    return story.events(Event.KillOrdered.class).stream()
        .filter(order -> order.kill().reason() == KillReason.EXPUNGED)
        .count();
  }
}
