package dev.slipway.core.scenario;

import static dev.slipway.core.scenario.AppBuilder.app;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.control.DrainProgress;
import dev.slipway.core.control.Input;
import dev.slipway.core.control.LaunchRequest;
import dev.slipway.core.control.Limits;
import dev.slipway.core.control.Problem;
import dev.slipway.core.control.Reply;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Placement;
import dev.slipway.core.placement.Reason;
import dev.slipway.core.volume.PersistentVolume;
import dev.slipway.core.volume.PersistentVolume.State;
import dev.slipway.core.volume.VolumeId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Apps that keep volumes. That no two tasks use one volume, that none is used elsewhere than where
/// it was made, and that none is destroyed in use, {@link VirtualEngine} checks throughout.
class VolumeScenarioTest {
  private static final PathId DB = PathId.of("/db");

  private final Scenario story = Scenario.onNodes(3);
  private final AppBuilder db = app("/db", 2).withHealthCheck().withVolume("data", 100);

  @Test
  void thousandsThatWaitForTheirVolumesDoNotKeepThePlatformBusy() {
    int many = Limits.ORDERS_AT_ONCE + 100;
    var large = Scenario.onNodes(2, Resources.of(10_000, 10_000_000, 1_000_000, 0));
    large.engine().deaf(true);
    large.when(app("/many", many / 2).withVolume("data", 1).put());
    large.when(app("/many", many).withVolume("data", 1).force());
    assertThat(large.state().waiting().isEmpty()).isTrue();
    large.engine().silence(new NodeId("n1"), true);
    large.engine().silence(new NodeId("n2"), true);
    var ids = large.instances("/many").stream().map(Instance::id).toList();

    large.when(new Input.KillInstances(ids, false, false));
    int[] decisions = {0};
    large.promise("it comes to rest", () -> decisions[0]++ < 10);
    large.pass(Duration.ofMinutes(1));

    assertThat(large.state().waiting().get(PathId.of("/many"))).isEqualTo(many);
  }

  @Test
  void areMadeWithAnInstanceAndTakeOfTheNodesDisk() {
    story.given(db.withVolume("log", 20));

    assertThat(volumes()).hasSize(4).allMatch(volume -> volume.state() == State.ATTACHED);
    assertThat(volumes())
        .extracting(PersistentVolume::containerPath)
        .containsExactlyInAnyOrder("data", "log", "data", "log");
    Instance first = story.instances("/db").getFirst();
    assertThat(node(first).used().diskBytes()).isEqualTo(120 * Resources.MEBIBYTE);
    assertThat(first.place().orElseThrow().volumes()).hasSize(2);
    assertThat(story.engine().volumes()).hasSize(4);
  }

  @Test
  void areTakenUpByWhatFollowsAFailure() {
    story.given(db);
    var before = whereabouts();

    story.engine().exit(story.engine().alive().getFirst(), 1);
    story.eventually("two are ready again", () -> story.ready("/db") == 2);

    assertThat(whereabouts()).isEqualTo(before);
  }

  @Test
  void areTakenUpByTheNextVersionWhichMayAskForOtherResources() {
    story.given(db.version("1"));
    var before = whereabouts();
    story.promise("one stays ready", () -> story.ready("/db") >= 1);
    story.promise("never more than two", () -> story.instances("/db").size() <= 2);

    story.given(db.version("2").requesting(0.5, 64));

    assertThat(whereabouts()).isEqualTo(before);
    assertThat(story.ready("/db", "V", "2")).isEqualTo(2);
  }

  @Test
  void areTakenUpAfterARestartAlsoWhereAllHaveToStayReady() {
    var all = db.upgrading(1, 0);
    story.given(all);
    var before = whereabouts();

    story.when(new Input.RestartApp(DB, false));
    story.eventually("it is over", () -> story.state().deployments().isEmpty());

    assertThat(whereabouts()).isEqualTo(before);
  }

  @Test
  void areKeptWhenFewerAreWantedAndTakenUpWhenMoreAre() {
    story.given(db.times(3));
    var before = whereabouts();

    story.given(db.times(1));
    assertThat(volumes()).extracting(PersistentVolume::state).containsOnlyOnce(State.ATTACHED);

    story.given(db.times(3));
    assertThat(whereabouts()).isEqualTo(before);

    story.given(db.times(4));
    assertThat(volumes()).hasSize(4);
  }

  @Test
  void waitForTheNodeThatHasThemAndSayWhy() {
    var full = Scenario.onNodes(2, Resources.of(1, 512, 4096, 0));
    full.given(app("/db", 1).requesting(1, 32).withVolume("data", 10));
    var home = full.instances("/db").getFirst().place().orElseThrow().node();
    full.given(app("/db", 0).requesting(1, 32).withVolume("data", 10));
    full.given(app("/other", 2).requesting(1, 32));

    var wanted = app("/db", 1).requesting(1, 32).withVolume("data", 10);
    full.when(wanted.put());
    full.pass(Duration.ofMinutes(1));
    full.when(app("/other", 1).requesting(1, 32).put());
    full.pass(Duration.ofMinutes(1));

    List<NodeVerdict> verdicts =
        Placement.explain(
            full.state().nodes(), LaunchRequest.of(full.state(), wanted.spec()), List.of());
    boolean came = full.running("/db") == 1;
    assertThat(verdicts)
        .filteredOn(verdict -> !verdict.node().equals(home) && !came)
        .allSatisfy(
            verdict -> {
              assertThat(verdict.reason()).isEqualTo(Reason.VOLUMES_ELSEWHERE);
              assertThat(verdict.reason().marathonName())
                  .contains("NoCorrespondingReservationFound");
              assertThat(verdict.detail()).isEqualTo("its volumes are on " + home);
            });
    full.when(app("/other", 0).requesting(1, 32).put());
    full.eventually("it is back home", () -> full.running("/db") == 1);
    assertThat(full.instances("/db").getFirst().place().orElseThrow().node()).isEqualTo(home);
  }

  @Test
  void newOnesAreMadeForThoseThatAreMoreThanThereAreVolumes() {
    story.given(db.times(1));
    NodeId home = story.instances("/db").getFirst().place().orElseThrow().node();
    story.given(db.times(0));
    story.engine().silence(home, true);

    story.when(db.times(3).put());
    story.pass(Duration.ofMinutes(1));

    assertThat(story.running("/db")).isEqualTo(2);
    assertThat(volumes()).hasSize(3);
    story.engine().silence(home, false);
    story.eventually("all three run", () -> story.ready("/db") == 3);
    assertThat(volumes()).hasSize(3);
  }

  @Test
  void areNeverMadeAnewForAnInstanceThatIsSilent() {
    story.given(db.waitingFor(Duration.ZERO, Duration.ofMinutes(1)));
    var before = whereabouts();
    NodeId home = story.instances("/db").getFirst().place().orElseThrow().node();

    story.engine().silence(home, true);
    story.pass(Duration.ofMinutes(10));
    assertThat(whereabouts()).isEqualTo(before);
    assertThat(story.running("/db")).isEqualTo(1);

    story.engine().silence(home, false);
    story.eventually("two are ready again", () -> story.ready("/db") == 2);
    assertThat(whereabouts()).isEqualTo(before);
  }

  @Test
  void areDestroyedWithAnInstanceThatIsWiped() {
    story.given(db);
    Instance first = story.instances("/db").getFirst();
    VolumeId volume = first.place().orElseThrow().volumes().getFirst();

    story.when(new Input.KillInstances(List.of(first.id()), false, false, true));
    story.eventually("two are ready again", () -> story.ready("/db") == 2);

    assertThat(story.state().volume(volume)).isEmpty();
    assertThat(story.engine().volumes()).doesNotContainKey(volume).hasSize(2);
  }

  @Test
  void areDestroyedOnRequestOnceNothingHasThem() {
    story.given(db);
    VolumeId volume = volumes().getFirst().id();
    assertThat(story.when(new Input.DeleteVolume(volume))).isInstanceOf(Reply.Conflict.class);

    story.given(db.times(0));
    assertThat(story.when(new Input.DeleteVolume(volume))).isInstanceOf(Reply.Done.class);
    story.eventually("it is gone", () -> story.state().volume(volume).isEmpty());

    assertThat(story.engine().volumes()).hasSize(1);
    assertThat(story.when(new Input.DeleteVolume(volume))).isInstanceOf(Reply.NotFound.class);
    long used = 0;
    for (var node : story.state().nodes().byId().values()) {
      used += node.used().diskBytes();
    }
    assertThat(used).isEqualTo(100 * Resources.MEBIBYTE);
  }

  @Test
  void theOrderToDestroyIsGivenAgainUntilItIsDone() {
    story.given(db);
    story.given(db.times(0));
    PersistentVolume volume = volumes().getFirst();
    story.engine().silence(volume.node(), true);
    story.when(new Input.DeleteVolume(volume.id()));
    story.pass(Duration.ofMinutes(5));
    assertThat(story.state().volume(volume.id()).orElseThrow().state()).isEqualTo(State.DELETING);

    story.engine().deaf(true);
    story.engine().silence(volume.node(), false);
    story.pass(Duration.ofMinutes(1));
    story.restart();
    story.engine().deaf(false);
    story.pass(Duration.ofMinutes(1));
    assertThat(story.state().volume(volume.id())).isEmpty();
    assertThat(story.engine().volumes()).hasSize(1);
  }

  @Test
  void outliveTheirAppAndAreTakenUpByItsSuccessor() {
    story.given(db);
    var before = whereabouts();
    story.when(new Input.RemoveApp(DB, false));
    story.eventually("it is removed", () -> story.state().formations().isEmpty());
    assertThat(volumes()).hasSize(2).allMatch(volume -> volume.state() == State.DETACHED);

    story.given(db);

    assertThat(whereabouts()).isEqualTo(before);
  }

  @Test
  void goWithAnAppThatSaysSo() {
    story.given(db.labelled("SLIPWAY_VOLUMES", "delete"));

    story.when(new Input.RemoveApp(DB, false));
    story.eventually("all are destroyed", () -> story.state().nodes().volumes().isEmpty());

    assertThat(story.engine().volumes()).isEmpty();
  }

  @Test
  void outliveTheirNodeAndWaitForIt() {
    story.given(db);
    var before = whereabouts();
    NodeId home = story.instances("/db").getFirst().place().orElseThrow().node();
    var machine = story.state().node(home).orElseThrow().node();
    story.engine().silence(home, true);
    story.when(new Input.ForgetNode(home));
    story.pass(Duration.ofMinutes(10));
    assertThat(whereabouts()).isEqualTo(before);

    story.engine().reboot();
    story.engine().offer(machine);
    story.engine().silence(home, false);
    story.eventually("two are ready again", () -> story.ready("/db") == 2);
    assertThat(whereabouts()).isEqualTo(before);
  }

  @Test
  void mayBeForgottenWithANodeThatIsGone() {
    story.given(db.times(1));
    PersistentVolume volume = volumes().getFirst();
    story.engine().silence(volume.node(), true);
    story.engine().withdraw(volume.node());
    story.when(new Input.ForgetNode(volume.node()));

    assertThat(story.when(new Input.DeleteVolume(volume.id()))).isInstanceOf(Reply.Done.class);

    story.eventually("another is made elsewhere", () -> story.ready("/db") == 1);
    assertThat(volumes()).extracting(PersistentVolume::id).doesNotContain(volume.id());
  }

  @Test
  void keepTheirInstanceOnADrainingNodeWhichIsTold() {
    story.given(db);
    Instance first = story.instances("/db").getFirst();
    NodeId home = first.place().orElseThrow().node();

    story.when(new Input.DrainNode(home, true));
    story.pass(Duration.ofMinutes(10));

    assertThat(story.state().instance(first.id()).map(Instance::condition))
        .contains(Condition.RUNNING);
    assertThat(DrainProgress.of(story.state(), home).orElseThrow().remaining())
        .singleElement()
        .satisfies(
            left -> {
              assertThat(left.stays()).isTrue();
              assertThat(left.why()).startsWith("stays: its volumes are here");
            });
  }

  @Test
  void cannotBeChangedNorCanTheDiskOrTheHostPorts() {
    story.given(db);

    assertThat(story.when(db.withVolume("more", 10).put()))
        .isEqualTo(refused("Persistent volumes can not be changed!"));
    assertThat(story.when(db.with(app -> app.container(Optional.empty())).put()))
        .isEqualTo(refused("Persistent volumes can not be changed!"));
    assertThat(story.when(db.with(app -> app.resources(Resources.of(0.1, 32, 7, 0))).put()))
        .isEqualTo(refused("Resident Tasks may not change resource requirements!"));
    assertThat(story.when(db.withPort(8080, true).put()))
        .isEqualTo(refused("Resident Tasks may not change resource requirements!"));
    assertThat(story.when(db.requesting(0.2, 64).put())).isInstanceOf(Reply.Deploying.class);
  }

  private static Reply refused(String message) {
    return new Reply.Invalid(List.of(new Problem("/", message)));
  }

  private List<PersistentVolume> volumes() {
    List<PersistentVolume> all = new ArrayList<>();
    story.state().nodes().volumesOf(DB).values().forEach(all::add);
    return all;
  }

  /// Each volume's name and node.
  private List<String> whereabouts() {
    return volumes().stream().map(volume -> volume.id() + " on " + volume.node()).toList();
  }

  private dev.slipway.core.node.NodeRecord node(Instance instance) {
    return story.state().node(instance.place().orElseThrow().node()).orElseThrow();
  }
}
