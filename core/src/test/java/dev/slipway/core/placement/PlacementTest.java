package dev.slipway.core.placement;

import static dev.slipway.core.placement.Machines.SMALL;
import static dev.slipway.core.placement.Machines.constraint;
import static dev.slipway.core.placement.Machines.request;
import static dev.slipway.core.placement.Machines.requestOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.Resources;
import dev.slipway.core.instance.Condition;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.NodeId;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final Resources NODE = Resources.of(4, 1024, 1024, 2);

  @Test
  void givesTheNodeAndWhatWasRequestedOfIt() {
    assertThat(new Machines().node("n1").place(request()))
        .isEqualTo(new Outcome.Placed(new Instance.Place(new NodeId("n1"), List.of(), SMALL)));
  }

  @Test
  void placesNothingWithoutNodes() {
    assertThat(new Machines().place(request())).isEqualTo(new Outcome.NotPlaced(Survey.NONE));
  }

  @Test
  void namesTheFirstResourceThatIsShort() {
    var machines =
        new Machines().node("n1", "n1", NODE).used("n1", Resources.of(3.5, 960, 1000, 2));
    assertThat(machines.verdict("n1", requestOf(Resources.of(1, 128, 100, 1))))
        .isEqualTo("INSUFFICIENT_CPUS: cpus 0.5 free < 1 requested");
    assertThat(machines.verdict("n1", requestOf(Resources.of(0.5, 128, 100, 1))))
        .isEqualTo("INSUFFICIENT_MEMORY: mem 64 MiB free < 128 MiB requested");
    assertThat(machines.verdict("n1", requestOf(Resources.of(0.5, 64, 24.5, 1))))
        .isEqualTo("INSUFFICIENT_DISK: disk 24 MiB free < 24.5 MiB requested");
    assertThat(machines.verdict("n1", requestOf(Resources.of(0.5, 64, 24, 1))))
        .isEqualTo("INSUFFICIENT_GPUS: gpus 0 free < 1 requested");
    assertThat(machines.nodeFor(requestOf(Resources.of(0.5, 64, 24, 0)))).isEqualTo("n1");
  }

  @Test
  void sharesOutOneDeviceBeforeTheNext() {
    var machines = new Machines().node("n1", "n1", Resources.of(4, 1024, 1024, 3));
    assertThat(machines.devicesFor(gpus(0))).isEmpty();
    assertThat(machines.devicesFor(gpus(0.5))).containsExactly(0);
    machines.holding("n1", 0.5, 1).holding("n1", 0.2, 0);
    assertThat(machines.devicesFor(gpus(0.5))).containsExactly(1);
    assertThat(machines.devicesFor(gpus(0.501))).containsExactly(0);
    assertThat(machines.devicesFor(gpus(0.9))).containsExactly(2);
    assertThat(machines.devicesFor(gpus(1))).containsExactly(2);
  }

  @Test
  void givesTheFirstDevicesThatAreWhole() {
    var machines = new Machines().node("n1", "n1", Resources.of(4, 1024, 1024, 4));
    assertThat(machines.devicesFor(gpus(2))).containsExactly(0, 1);
    machines.holding("n1", 0.001, 1);
    assertThat(machines.devicesFor(gpus(2))).containsExactly(0, 2);
    assertThat(machines.verdict("n1", gpus(2))).startsWith("FITS").contains("gpus 1.999");
  }

  @Test
  void tellsWhenNoDeviceHasWhatAllHaveTogether() {
    var machines =
        new Machines()
            .node("n1", "n1", Resources.of(4, 1024, 1024, 2))
            .holding("n1", 0.5, 0)
            .holding("n1", 0.6, 1);
    assertThat(machines.verdict("n1", gpus(0.7)))
        .isEqualTo("INSUFFICIENT_GPUS: gpus 0.5 free on one device < 0.7 requested");
    assertThat(machines.nearestFit(gpus(0.7))).contains("n1 lacks gpus 0.2");
    assertThat(machines.nodeFor(gpus(0.5))).isEqualTo("n1");
    machines.node("n2", "n2", Resources.of(4, 1024, 1024, 3)).holding("n2", 0.5, 0);
    machines.holding("n2", 0.25, 2);
    assertThat(machines.verdict("n2", gpus(2)))
        .isEqualTo("INSUFFICIENT_GPUS: gpus 1 free as whole devices < 2 requested");
    assertThat(machines.nearestFit(gpus(2))).contains("n2 lacks gpus 1");
  }

  private static Request gpus(double gpus) {
    return requestOf(Resources.of(0.1, 16, 0, gpus));
  }

  @Test
  void missesNothingOfWhatIsNotRequested() {
    var machines = new Machines().node("n1", "n1", NODE).used("n1", Resources.of(1, 100, 2000, 3));
    assertThat(machines.nodeFor(requestOf(Resources.of(1, 100, 0, 0)))).isEqualTo("n1");
  }

  @Test
  void fillsANodeToTheLastThousandthOfACore() {
    var machines = new Machines().node("n1", "n1", Resources.of(3, 4096, 0, 0));
    assertThat(machines.placeAll(9, request())).containsExactly("n1", "n1", "n1");
  }

  @Test
  void passesOverNodesThatAreDrainedOrSilent() {
    var machines = new Machines().node("n1").node("n2").node("n3").draining("n1").silent("n2");
    assertThat(machines.fitting(request())).containsExactly("n3");
    assertThat(machines.verdict("n1", request()))
        .isEqualTo("NODE_DRAINING: being drained since 2024-01-01T00:00:00.000Z");
    assertThat(machines.verdict("n2", request()))
        .isEqualTo("NODE_UNREACHABLE: nothing heard of it since 2024-01-01T00:00:00.000Z");
  }

  @Test
  void passesOverNodesThatAreClosedAndTellsTheWordsOfTheirEngine() {
    var machines = new Machines().node("n1").node("n2").closed("n1", "memory pressure");
    assertThat(machines.fitting(request())).containsExactly("n2");
    assertThat(machines.verdict("n1", request()))
        .isEqualTo(
            "NODE_CLOSED: closed to new tasks: memory pressure, since 2024-01-01T00:00:00.000Z");
    assertThat(machines.draining("n1").verdict("n1", request())).startsWith("NODE_DRAINING");
    assertThat(machines.silent("n1").verdict("n1", request())).startsWith("NODE_UNREACHABLE");
  }

  @Test
  void aNodeTakesNoMoreTasksThanItMayHold() {
    var machines = new Machines().node("n1").node("n2").atMost("n1", 1).atMost("n2", 0);
    assertThat(machines.nodeFor(request())).isEqualTo("n1");
    machines.running("n1");
    assertThat(machines.verdict("n1", request()))
        .isEqualTo("NODE_FULL: holds as many tasks as it takes: 1");
    assertThat(machines.verdict("n2", requestOf(Resources.of(9, 0, 0, 0))))
        .isEqualTo("NODE_FULL: holds as many tasks as it takes: 0");
    assertThat(machines.place(request())).isInstanceOf(Outcome.NotPlaced.class);
  }

  @Test
  void looksForReasonsInTheOrderOfTheFunnel() {
    var tooMuch = Resources.of(9, 9999, 0, 0);
    var request =
        new Request(
            Machines.APP,
            tooMuch,
            List.of(constraint("zone", Operator.IS, "a")),
            List.of(new PortRequest.Required(80)),
            0);
    var machines = new Machines().node("n1", "zone", "b").node("n2", "zone", "a");
    machines.node("n3", "zone", "a").silent("n1").draining("n2");
    assertThat(machines.explain(request))
        .extracting(NodeVerdict::reason)
        .containsExactly(
            Reason.UNFULFILLED_CONSTRAINT, Reason.NODE_DRAINING, Reason.INSUFFICIENT_CPUS);
    assertThat(machines.place(request))
        .isEqualTo(new Outcome.NotPlaced(Survey.of(machines.explain(request))));
  }

  @Test
  void saysWhatWouldBeLeftWhereItFits() {
    assertThat(new Machines().node("n1").verdict("n1", request()))
        .isEqualTo("FITS: fits; would leave cpus 3, mem 3968 MiB, disk 10240 MiB");
  }

  @Test
  void spreadsBeforeItPacks() {
    var machines = new Machines().node("n1").node("n2").node("n3");
    machines.used("n1", Resources.of(2, 0, 0, 0));
    assertThat(machines.placeAll(4, request())).containsExactly("n1", "n2", "n3", "n1");
  }

  @Test
  void spreadsOverAddressesAmongNodesThatAreEquallyFull() {
    var capacity = Resources.of(4, 4096, 0, 0);
    var machines = new Machines();
    machines
        .node("n1", "here", capacity)
        .node("n2", "here", capacity)
        .node("n3", "there", capacity);
    assertThat(machines.placeAll(6, request())).containsExactly("n1", "n3", "n2", "n3", "n1", "n2");
  }

  @Test
  void takesTheFullestNodeThatFits() {
    var machines = new Machines().node("n1").node("n2").node("n3").node("n4");
    machines.used("n2", Resources.of(2, 0, 0, 0)).used("n3", Resources.of(3, 0, 0, 0));
    machines.used("n4", Resources.of(3.5, 0, 0, 0));
    assertThat(machines.nodeFor(request())).isEqualTo("n3");
  }

  @Test
  void judgesFullnessByWhatIsRequestedMost() {
    var machines = new Machines().node("n1").node("n2");
    machines.used("n1", Resources.of(1, 3000, 9000, 0)).used("n2", Resources.of(2, 0, 0, 0));
    assertThat(machines.nodeFor(requestOf(Resources.of(1, 128, 128, 0)))).isEqualTo("n2");
    assertThat(machines.nodeFor(requestOf(Resources.of(0.1, 1024, 128, 0)))).isEqualTo("n1");
  }

  @Test
  void takesTheFirstByNameAmongEquals() {
    assertThat(new Machines().node("n3").node("n2").node("n10").nodeFor(request()))
        .isEqualTo("n10");
  }

  @Test
  void countsInstancesThatStandSomewhereAndNoOthers() {
    var machines = new Machines().node("n1").node("n2");
    machines.standing(Condition.FAILED, "n1").standing(Condition.KILLED, "n1").scheduled();
    assertThat(machines.nodeFor(request())).isEqualTo("n1");
    for (Condition there :
        List.of(Condition.PROVISIONED, Condition.KILLING, Condition.UNREACHABLE)) {
      assertThat(new Machines().node("n1").node("n2").standing(there, "n1").nodeFor(request()))
          .as(there.name())
          .isEqualTo("n2");
    }
  }

  @Test
  void forgetsInstancesOnNodesThatAreGone() {
    var machines = new Machines().node("n0").node("n1").running("n0").gone("n0");
    var unique = request(constraint("hostname", Operator.UNIQUE));
    assertThat(machines.nodeFor(unique)).isEqualTo("n1");
  }

  @Test
  void adviseWhereTheLeastIsMissing() {
    var machines = new Machines().node("n1", "n1", NODE).node("n2", "n2", NODE);
    machines.used("n1", Resources.of(3.5, 1000, 0, 0)).used("n2", Resources.of(2.5, 0, 0, 0));
    assertThat(machines.nearestFit(requestOf(Resources.of(2, 128, 0, 0))))
        .contains("n2 lacks cpus 0.5");
    assertThat(machines.nearestFit(requestOf(Resources.of(2, 1280, 0, 0))))
        .contains("n2 lacks cpus 0.5 and mem 256 MiB");
    assertThat(machines.nearestFit(requestOf(Resources.of(1, 128, 0, 0)))).isEmpty();
    var elsewhere = constraint("hostname", Operator.IS, "n3");
    assertThat(machines.nearestFit(request(elsewhere))).isEmpty();
  }

  @Test
  void sumsUpVerdictsAsMarathonsQueueDoes() {
    var machines =
        new Machines().node("n1").node("n2").node("n3", "zone", "a").node("n4", "zone", "a");
    machines.draining("n3").used("n4", Resources.of(4, 0, 0, 0));
    var rows =
        FunnelRow.of(Survey.of(machines.explain(request(constraint("zone", Operator.IS, "a")))));
    assertThat(rows)
        .containsExactly(
            new FunnelRow("UnfulfilledRole", 0, 4),
            new FunnelRow("UnfulfilledConstraint", 2, 4),
            new FunnelRow("NoCorrespondingReservationFound", 0, 2),
            new FunnelRow("AgentMaintenance", 1, 2),
            new FunnelRow("InsufficientCpus", 1, 1),
            new FunnelRow("InsufficientMemory", 0, 0),
            new FunnelRow("InsufficientDisk", 0, 0),
            new FunnelRow("InsufficientGpus", 0, 0),
            new FunnelRow("InsufficientPorts", 0, 0),
            new FunnelRow("DeclinedScarceResources", 0, 0));
  }
}
