package dev.slipway.core.placement;

import static dev.slipway.core.placement.Machines.constraint;
import static dev.slipway.core.placement.Machines.request;
import static dev.slipway.core.placement.Machines.requestOf;
import static dev.slipway.core.placement.Machines.requestOfPorts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.Resources;
import dev.slipway.core.placement.Remedy.Kind;
import org.junit.jupiter.api.Test;

class RemediesTest {
  private static final Remedy ADD =
      new Remedy(Kind.ADD_NODE, "add a node with at least cpus 1, mem 128 MiB", 1);

  @Test
  void nothingNeedsToBeDoneWhereItFits() {
    assertThat(new Machines().node("n1").remedies(request())).isEmpty();
  }

  @Test
  void theChangeThatHelpsTheMostNodesComesFirst() {
    var machines = new Machines();
    machines.node("n1", "zone", "b").node("n2", "zone", "b").node("n3", "zone", "a").draining("n3");
    machines.node("n4", "zone", "a").silent("n4").node("n5", "zone", "b").draining("n5");

    assertThat(machines.remedies(request(constraint("zone", Operator.IS, "a"))))
        .containsExactly(
            new Remedy(Kind.DROP_RULE, "drop zone IS a", 2),
            new Remedy(Kind.END_DRAIN, "end the drain of n3", 1),
            new Remedy(Kind.BRING_BACK, "bring back n4", 1),
            new Remedy(
                Kind.ADD_NODE, "add a node with at least cpus 1, mem 128 MiB where zone IS a", 1));
  }

  @Test
  void nodesThatAreClosedOrHoldEnoughAreToldOf() {
    var machines = new Machines().node("n1").node("n2").node("n3");
    machines.closed("n1", "cordoned").closed("n2", "disk pressure").atMost("n3", 0);

    assertThat(machines.remedies(request()))
        .containsExactly(
            new Remedy(
                Kind.OPEN_NODE, "open to new tasks again n1 (cordoned), n2 (disk pressure)", 2),
            new Remedy(Kind.FREE_PLACE, "end a task, or let there be more, on n3", 1),
            ADD);
  }

  @Test
  void ofNodesThatLackRoomTheNearestIsNamed() {
    var machines = new Machines().node("n1").node("n2");
    machines.used("n1", Resources.of(2, 0, 0, 0)).used("n2", Resources.of(3, 0, 0, 0));

    assertThat(machines.remedies(requestOf(Resources.of(3, 128, 0, 0))))
        .containsExactly(
            new Remedy(Kind.FREE_ROOM, "free cpus 1 on n1, or ask for so much less", 1),
            new Remedy(Kind.ADD_NODE, "add a node with at least cpus 3, mem 128 MiB", 1));
  }

  @Test
  void portsAndPoolsAreToldOf() {
    var machines = new Machines().node("n1").running("n1", 80);
    assertThat(machines.remedies(requestOfPorts(0, new PortRequest.Required(80))).getFirst())
        .satisfies(
            remedy -> {
              assertThat(remedy.kind()).isEqualTo(Kind.FREE_PORTS);
              assertThat(remedy.text()).startsWith("free what is taken on n1: port 80 is taken by");
            });
    var pool = new Machines().node("n1", "high", "true").dedicated("n1", "high");
    assertThat(pool.remedies(request()))
        .containsExactly(
            new Remedy(Kind.ASK_FOR_POOL, "ask for the pool by the constraint high IS true", 1),
            ADD);
  }

  @Test
  void anAttributeThatNoNodeHasIsNamed() {
    var machines = new Machines().node("n1", "zone", "a");
    assertThat(machines.remedies(request(constraint("zoen", Operator.IS, "a"))))
        .startsWith(
            new Remedy(Kind.NO_SUCH_ATTRIBUTE, "no node has an attribute 'zoen' (zoen IS a)", 0),
            new Remedy(Kind.DROP_RULE, "drop zoen IS a", 1));
  }
}
