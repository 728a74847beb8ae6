package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskEnd.Reason;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.engine.kubernetes.Reading.Hopeless;
import dev.slipway.engine.kubernetes.Reading.Memory;
import dev.slipway.engine.kubernetes.Reading.Observed;
import dev.slipway.engine.kubernetes.Reading.Patience;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Reads pods as a kubelet 1.20 wrote them, recorded by making each thing happen.
final class PodReadingTest {
  /// When the recorded pods were started.
  private static final Instant START = Instant.parse("2026-11-22T17:43:26Z");

  private static final Instant SOON = START.plusSeconds(15);
  private static final Instant LATE = START.plusSeconds(600);

  @Test
  void aTaskRunsOnceItsContainerDoes() {
    assertThat(read("accepted")).isEqualTo(new Observed(new Status.Staging()));
    assertThat(read("creating")).isEqualTo(new Observed(new Status.Staging()));
    assertThat(read("fetching")).isEqualTo(new Observed(new Status.Staging()));
    assertThat(read("running")).isInstanceOf(Observed.class);
    assertThat(((Observed) read("running")).status())
        .isEqualTo(new Status.Running(List.of("10.244.1.24")));
  }

  @Test
  void aProgramsOwnEndIsItsCodeOrItsSignal() {
    assertThat(end("exited-3"))
        .isEqualTo(
            new TaskEnd(Reason.EXITED, Optional.of(3), Optional.empty(), "exited with code 3"));
    assertThat(end("signal-15"))
        .isEqualTo(
            new TaskEnd(Reason.SIGNALED, Optional.empty(), Optional.of(15), "ended by SIGTERM"));
  }

  @Test
  void tooMuchMemoryIsToldWithTheLimit() {
    assertThat(end("out-of-memory"))
        .isEqualTo(
            new TaskEnd(
                Reason.OUT_OF_MEMORY,
                Optional.empty(),
                Optional.of(9),
                "used more memory than its limit of 16 MiB"));
  }

  @Test
  void whatCannotBeRunIsNamed() {
    assertThat(end("program-missing"))
        .isEqualTo(
            TaskEnd.of(
                Reason.COMMAND_INVALID,
                "the program '/no/such/program' could not be run: \"/no/such/program\": stat"
                    + " /no/such/program: no such file or directory"));
    assertThat(end("program-not-executable"))
        .isEqualTo(
            TaskEnd.of(
                Reason.COMMAND_INVALID,
                "the program '/etc/hostname' could not be run: \"/etc/hostname\": permission"
                    + " denied"));
    assertThat(end("shell-program-missing"))
        .isEqualTo(
            new TaskEnd(
                Reason.COMMAND_INVALID,
                Optional.of(127),
                Optional.empty(),
                "the command could not be run: /bin/sh: nosuchprogram: not found"));
  }

  @Test
  void aContainerThatCannotStartForAnotherReasonIsNoMistakeOfTheCommand() {
    assertThat(end("working-directory-impossible").reason()).isEqualTo(Reason.LAUNCH_FAILED);
    assertThat(end("working-directory-impossible").message())
        .startsWith("the container could not be started: ")
        .contains("mkdir /etc/hostname: not a directory");
  }

  @Test
  void aFailedFetchIsToldInItsOwnWords() {
    assertThat(end("fetch-failed"))
        .isEqualTo(
            TaskEnd.of(
                Reason.FETCH_FAILED,
                "Failed to fetch all URIs for container 'fetchfail': Failed to fetch http://x/y:"
                    + " 404"));
  }

  @Test
  void aMissingImageIsTriedForAMinute() {
    Reading first = read("image-missing", Memory.fresh(START), SOON);
    assertThat(first)
        .isInstanceOfSatisfying(
            Patience.class,
            patience -> {
              assertThat(patience.status()).isEqualTo(new Status.Staging());
              assertThat(patience.until()).isEqualTo(START.plus(PodReading.IMAGE_PATIENCE));
              assertThat(patience.reason()).contains("connection refused");
            });
    var memory = new Memory(SOON, false, ((Patience) first).reason());
    Reading last = read("image-backing-off", memory, START.plus(PodReading.IMAGE_PATIENCE));
    assertThat(last)
        .isInstanceOfSatisfying(
            Hopeless.class,
            hopeless -> {
              assertThat(hopeless.end().reason()).isEqualTo(Reason.IMAGE_UNAVAILABLE);
              assertThat(hopeless.end().message())
                  .startsWith("the image cannot be had: ")
                  .contains("connection refused");
            });
  }

  @Test
  void anImageThatCannotBeIsNotTriedFor() {
    assertThat(hopeless("image-name-invalid", SOON).reason()).isEqualTo(Reason.IMAGE_UNAVAILABLE);
    assertThat(hopeless("image-name-invalid", SOON).message())
        .contains("repository name must be lowercase");
    assertThat(hopeless("image-never-pulled", SOON).reason()).isEqualTo(Reason.IMAGE_UNAVAILABLE);
  }

  @Test
  void aContainerThatCannotBeMadeIsTriedForAMinute() {
    assertThat(read("secret-missing", Memory.fresh(START), SOON)).isInstanceOf(Patience.class);
    TaskEnd end = hopeless("secret-missing", LATE);
    assertThat(end.reason()).isEqualTo(Reason.LAUNCH_FAILED);
    assertThat(end.message())
        .isEqualTo(
            "the container could not be made (CreateContainerConfigError): secret \"none\" not"
                + " found");
    assertThat(hopeless("root-refused", LATE).message()).contains("image will run as root");
  }

  @Test
  void whatAKubeletRefusesNeverStarted() {
    assertThat(end("host-port-taken").reason()).isEqualTo(Reason.PORT_IN_USE);
    assertThat(end("too-little-processor-time"))
        .isEqualTo(
            TaskEnd.of(
                Reason.LAUNCH_FAILED,
                "the node did not let the pod start (OutOfcpu): Pod Node didn't have enough"
                    + " resource: cpu, requested: 1000000, used: 0, capacity: 2000"));
  }

  @Test
  void aPodThatIsOverRunsUntilItsContainerEnded() {
    Pod pod = pod("over-and-still-running");
    Instant until = SOON.plusSeconds(2).plus(PodReading.END_MARGIN);
    var memory = new Memory(SOON, true, "");
    assertThat(PodReading.read(pod, memory, until.minusMillis(1)))
        .isEqualTo(
            new Patience(
                new Status.Running(PodReading.addresses(pod)), until, "killed on request"));
    assertThat(PodReading.read(pod, memory, until))
        .isEqualTo(new Observed(new Status.Ended(TaskEnd.of(Reason.KILLED, "killed on request"))));
  }

  @Test
  void anOrderedEndIsToldWithTheCode() {
    assertThat(end("ended-by-deadline"))
        .isEqualTo(
            new TaskEnd(Reason.KILLED, Optional.of(9), Optional.empty(), "killed on request"));
  }

  @Test
  void aDeadlineOfSomebodyElseIsTold() {
    Pod pod =
        new PodBuilder(pod("ended-by-deadline"))
            .editMetadata()
            .withAnnotations(null)
            .endMetadata()
            .build();
    assertThat(ended(PodReading.read(pod, Memory.fresh(SOON), SOON)).message())
        .isEqualTo("somebody else set its pod a deadline, which is over");
  }

  @Test
  void whoDeletedAPodIsToldUnlessItsTaskHadEndedBefore() {
    assertThat(end("deleted-by-others"))
        .isEqualTo(
            new TaskEnd(
                Reason.KILLED, Optional.of(9), Optional.empty(), "somebody else deleted its pod"));
    Pod tidiedUp =
        new PodBuilder(pod("exited-3"))
            .editMetadata()
            .withDeletionTimestamp("2026-11-22T18:43:58Z")
            .withDeletionGracePeriodSeconds(30L)
            .endMetadata()
            .build();
    assertThat(ended(PodReading.read(tidiedUp, Memory.fresh(LATE), LATE)).reason())
        .isEqualTo(Reason.EXITED);
  }

  @Test
  void anEvictionCountsOnceItsContainerMustBeGone() {
    Reading first = read("disk-limit", new Memory(SOON, true, ""), SOON);
    assertThat(first)
        .isInstanceOfSatisfying(
            Patience.class,
            patience -> {
              assertThat(patience.status()).isInstanceOf(Status.Running.class);
              assertThat(patience.until())
                  .isEqualTo(SOON.plusSeconds(10).plus(PodReading.END_MARGIN));
            });
    TaskEnd end = ended(read("disk-limit", new Memory(SOON, true, ""), LATE));
    assertThat(end.reason()).isEqualTo(Reason.DISK_LIMIT);
    assertThat(end.message())
        .isEqualTo(
            "its files take more than the disk it requested: Pod ephemeral local storage usage"
                + " exceeds the total limit of containers 20Mi.");
  }

  @Test
  void otherEvictionsAreTheNodes() {
    assertThat(evicted("Evicted", "The node was low on resource: memory. ").reason())
        .isEqualTo(Reason.EVICTED);
    assertThat(evicted("Preempting", "Preempted in order to admit critical pod").reason())
        .isEqualTo(Reason.EVICTED);
    assertThat(evicted("Shutdown", "Node is shutting, evicting pods").reason())
        .isEqualTo(Reason.EVICTED);
    assertThat(evicted("NodeLost", "Node node1 which was running pod x is unresponsive").reason())
        .isEqualTo(Reason.GONE);
  }

  @Test
  void aDisruptionIsToldWhereTheContainerEndedForIt() {
    Pod pod =
        new PodBuilder(pod("signal-15"))
            .editStatus()
            .addNewCondition()
            .withType("DisruptionTarget")
            .withStatus("True")
            .withReason("EvictionByEvictionAPI")
            .withMessage("Eviction API: evicting")
            .endCondition()
            .endStatus()
            .build();
    TaskEnd end = ended(PodReading.read(pod, Memory.fresh(SOON), SOON));
    assertThat(end.reason()).isEqualTo(Reason.EVICTED);
    assertThat(end.signal()).contains(15);
    assertThat(end.message())
        .isEqualTo("Kubernetes took its pod away (EvictionByEvictionAPI): Eviction API: evicting");
  }

  @Test
  void aKubeletThatRefusesWhatRanHasStillToEndIt() {
    var ran = new Memory(SOON, true, "");
    assertThat(read("too-little-processor-time", ran, SOON)).isInstanceOf(Patience.class);
    assertThat(ended(read("too-little-processor-time", ran, LATE)).reason())
        .isEqualTo(Reason.LAUNCH_FAILED);
  }

  @Test
  void aPodThatIsGoneTellsWhatWasLastSeenOfIt() {
    assertThat(PodReading.removed(pod("deleted-by-others"), Memory.fresh(SOON), SOON).message())
        .isEqualTo("somebody else deleted its pod");
    TaskEnd unseen = PodReading.removed(pod("running"), Memory.fresh(SOON), SOON);
    assertThat(unseen.reason()).isEqualTo(Reason.GONE);
    assertThat(PodReading.removed(pod("over-and-still-running"), Memory.fresh(SOON), SOON).reason())
        .isEqualTo(Reason.KILLED);
  }

  @Test
  void anOrderedPodIsWaitedForAndNotGivenUpAnew() {
    Pod pod =
        new PodBuilder(pod("image-name-invalid"))
            .editMetadata()
            .addToAnnotations(Names.KILL, EndOrder.KILLED.text())
            .endMetadata()
            .build();
    assertThat(PodReading.read(pod, Memory.fresh(START), LATE))
        .isEqualTo(new Observed(new Status.Staging()));
  }

  @Test
  void aVolumeThatDoesNotComeIsToldByEventsAlone() {
    var event =
        new EventBuilder()
            .withReason("FailedMount")
            .withMessage("MountVolume.SetUp failed for volume \"s\" : secret \"none\" not found")
            .build();
    assertThat(EventReading.read(event, START, SOON)).get().isInstanceOf(Patience.class);
    assertThat(EventReading.read(event, START, START.plus(EventReading.VOLUME_PATIENCE)))
        .contains(
            new Hopeless(
                TaskEnd.of(
                    Reason.VOLUME_UNAVAILABLE,
                    "a volume of the pod does not come: MountVolume.SetUp failed for volume \"s\" :"
                        + " secret \"none\" not found")));
    assertThat(EventReading.read(new EventBuilder().withReason("Pulled").build(), START, LATE))
        .isEmpty();
  }

  private static TaskEnd evicted(String reason, String message) {
    Pod pod =
        new PodBuilder(pod("disk-limit"))
            .editStatus()
            .withReason(reason)
            .withMessage(message)
            .endStatus()
            .build();
    return ended(PodReading.read(pod, Memory.fresh(START), LATE));
  }

  private static TaskEnd end(String name) {
    return ended(read(name));
  }

  private static TaskEnd hopeless(String name, Instant now) {
    Reading reading = read(name, Memory.fresh(START), now);
    assertThat(reading).as(name).isInstanceOf(Hopeless.class);
    return ((Hopeless) reading).end();
  }

  private static TaskEnd ended(Reading reading) {
    assertThat(reading).isInstanceOf(Observed.class);
    assertThat(((Observed) reading).status()).isInstanceOf(Status.Ended.class);
    return ((Status.Ended) ((Observed) reading).status()).end();
  }

  private static Reading read(String name) {
    return read(name, Memory.fresh(SOON), SOON);
  }

  private static Reading read(String name, Memory memory, Instant now) {
    return PodReading.read(pod(name), memory, now);
  }

  private static Pod pod(String name) {
    try (InputStream file = PodReadingTest.class.getResourceAsStream("/pods/" + name + ".json")) {
      return Serialization.unmarshal(file, Pod.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
