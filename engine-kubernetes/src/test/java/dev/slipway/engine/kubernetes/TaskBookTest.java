package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskObservation;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.node.NodeId;
import dev.slipway.engine.kubernetes.KubernetesSettings.Retention;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// What is told of pods that come, change and vanish.
class TaskBookTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final NodeId NODE = new NodeId("n1");
  private static final long GRACE = 7;

  private final Set<NodeId> silent = new HashSet<>();
  private final List<TaskEnd> hopeless = new ArrayList<>();
  private final List<Status> told = new ArrayList<>();
  private final List<TaskId> freed = new ArrayList<>();
  private final TaskBook book =
      new TaskBook(silent::contains, (known, end) -> hopeless.add(end), freed::add);

  {
    book.tell(this::hear);
  }

  private void hear(TaskObservation observation) {
    told.add(observation.status());
  }

  @Test
  void eachStatusOfAPodIsToldOnce() {
    TaskId task = task("/web");
    book.seen(pod(task).build(), NOW);
    book.seen(pod(task).build(), NOW);
    book.seen(running(task), NOW);
    book.seen(running(task), NOW.plusSeconds(1));
    book.seen(exited(task, 3), NOW.plusSeconds(2));
    assertThat(freed).isEmpty();
    book.removed(exited(task, 3), NOW.plusSeconds(3));
    assertThat(freed).containsExactly(task);
    assertThat(told)
        .hasSize(3)
        .hasExactlyElementsOfTypes(Status.Staging.class, Status.Running.class, Status.Ended.class);
  }

  @Test
  void aPodThatVanishesFromAReadyNodeHasEnded() {
    TaskId task = task("/web");
    book.seen(running(task), NOW);
    book.removed(running(task), NOW);
    assertThat(lastEnd().message()).contains("deleted");
  }

  @Test
  void whatWasOrderedIsWhyItEnded() {
    TaskId task = task("/web");
    book.seen(running(task), NOW);
    book.ordered(task, new EndOrder(Reason.IMAGE_UNAVAILABLE, "no such image"));
    book.ordered(task, EndOrder.KILLED);
    book.removed(running(task), NOW);
    assertThat(lastEnd()).isEqualTo(TaskEnd.of(Reason.IMAGE_UNAVAILABLE, "no such image"));
  }

  @Test
  void aPodThatVanishesWhileItsNodeIsSilentMayStillRun() {
    TaskId task = task("/web");
    book.seen(running(task), NOW);
    silent.add(NODE);
    book.removed(running(task), NOW);
    book.tick(NOW.plus(Duration.ofDays(1)));
    assertThat(ends()).as("nobody can say that it ended").isEmpty();

    silent.clear();
    Instant back = NOW.plus(Duration.ofDays(2));
    book.tick(back);
    book.tick(back.plusSeconds(GRACE));
    assertThat(ends()).as("its kubelet has to find out, and to end it").isEmpty();
    book.tick(back.plusSeconds(GRACE + 10));
    assertThat(ends()).hasSize(1);
  }

  @Test
  void aTaskWithoutAPodIsOverWithItsNode() {
    TaskId task = task("/web");
    book.seen(running(task), NOW);
    silent.add(NODE);
    book.removed(running(task), NOW);
    assertThat(book.of(task)).get().returns(false, Known::isOver);

    book.nodeGone(NODE, NOW.plusSeconds(60));
    assertThat(book.of(task)).get().returns(true, Known::isOver);
    assertThat(ends()).as("who hears of the node knows it").isEmpty();
    book.tick(NOW.plus(Duration.ofDays(1)));
    assertThat(ends()).isEmpty();
  }

  @Test
  void aPodThatSomebodyHadForgottenByForceRunsOnForItsGrace() {
    TaskId task = task("/web");
    book.seen(running(task), NOW);
    Pod forced =
        running(task)
            .edit()
            .editMetadata()
            .withDeletionGracePeriodSeconds(0L)
            .endMetadata()
            .build();
    book.removed(forced, NOW);
    book.tick(NOW.plusSeconds(GRACE));
    assertThat(ends()).isEmpty();
    book.tick(NOW.plusSeconds(GRACE + 10));
    assertThat(ends()).hasSize(1);
  }

  @Test
  void aListThatLacksAPodSaysThatItIsGoneUnlessItIsNewerThanTheList() {
    long before = System.nanoTime();
    TaskId task = task("/web");
    book.seen(running(task), NOW);
    book.all(List.of(), before, NOW);
    assertThat(ends()).isEmpty();
    book.all(List.of(), System.nanoTime() + 1, NOW);
    book.tick(NOW.plusSeconds(GRACE + 10));
    assertThat(ends()).hasSize(1);
  }

  @Test
  void aTaskThatWillNeverRunIsGivenUpOnceAndAfterThePatience() {
    TaskId task = task("/web");
    Pod waiting =
        pod(task)
            .editStatus()
            .addNewContainerStatus()
            .withName(Names.TASK_CONTAINER)
            .withNewState()
            .withNewWaiting("not found", "ErrImagePull")
            .endState()
            .endContainerStatus()
            .endStatus()
            .build();
    book.seen(waiting, NOW);
    book.tick(NOW.plusSeconds(1));
    assertThat(hopeless).isEmpty();
    book.tick(NOW.plus(PodReading.IMAGE_PATIENCE).plusSeconds(1));
    assertThat(hopeless).extracting(TaskEnd::reason).containsExactly(Reason.IMAGE_UNAVAILABLE);
    book.ordered(task, EndOrder.of(hopeless.getFirst()));
    book.seen(waiting, NOW.plus(PodReading.IMAGE_PATIENCE).plusSeconds(3));
    assertThat(hopeless).hasSize(1);
  }

  @Test
  void endedTasksAreKeptForAWhileSoManyInAllAndSoManyOfAnApp() {
    List<TaskId> web = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      TaskId task = task("/web");
      web.add(task);
      book.seen(exited(task, 0), NOW.plusSeconds(i));
    }
    TaskId other = task("/other");
    book.seen(exited(other, 0), NOW);
    var retention = new Retention(Duration.ofMinutes(10), 4, 2);
    assertThat(book.expired(retention, NOW.plusSeconds(60)))
        .extracting(Known::task)
        .as("the oldest beyond what one app may keep")
        .containsExactly(web.get(0), web.get(1));
    var fewer = new Retention(Duration.ofMinutes(10), 1, 2);
    assertThat(book.expired(fewer, NOW.plusSeconds(60)))
        .extracting(Known::task)
        .contains(other, web.get(2))
        .doesNotContain(web.get(3));
    assertThat(book.expired(retention, NOW.plusSeconds(700))).hasSize(5);
  }

  @Test
  void aLaunchThatCameToNothingMayBeOrderedAgainAndOneThatDidMayNot() {
    TaskId task = task("/web");
    Known launched = Known.launched(task, NODE, Duration.ofSeconds(1), Set.of(), NOW);
    assertThat(book.launched(launched)).isTrue();
    assertThat(book.launched(launched)).isFalse();
    book.forget(task);
    assertThat(book.launched(launched)).isTrue();
    book.seen(running(task), NOW);
    book.forget(task);
    assertThat(book.launched(launched)).isFalse();
    book.seen(exited(task, 0), NOW);
    assertThat(book.launched(launched)).isFalse();
  }

  private List<TaskEnd> ends() {
    return told.stream()
        .filter(Status.Ended.class::isInstance)
        .map(status -> ((Status.Ended) status).end())
        .toList();
  }

  private TaskEnd lastEnd() {
    return ends().getLast();
  }

  private static TaskId task(String app) {
    return InstanceId.of(PathId.of(app), UUID.randomUUID()).task();
  }

  private static PodBuilder pod(TaskId task) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(Names.podName(task))
        .addToAnnotations(Names.TASK, task.value())
        .endMetadata()
        .withNewSpec()
        .withNodeName(NODE.value())
        .withTerminationGracePeriodSeconds(GRACE)
        .addNewContainer()
        .withName(Names.TASK_CONTAINER)
        .endContainer()
        .endSpec()
        .withNewStatus()
        .withPhase("Pending")
        .endStatus();
  }

  private static Pod running(TaskId task) {
    return pod(task)
        .editStatus()
        .withPhase("Running")
        .addNewContainerStatus()
        .withName(Names.TASK_CONTAINER)
        .withNewState()
        .withNewRunning()
        .endRunning()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }

  private static Pod exited(TaskId task, int code) {
    return pod(task)
        .editStatus()
        .withPhase("Failed")
        .addNewContainerStatus()
        .withName(Names.TASK_CONTAINER)
        .withNewState()
        .withNewTerminated()
        .withExitCode(code)
        .endTerminated()
        .endState()
        .endContainerStatus()
        .endStatus()
        .build();
  }
}
