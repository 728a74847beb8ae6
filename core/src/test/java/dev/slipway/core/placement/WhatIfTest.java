package dev.slipway.core.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Constraint.Operator;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.collection.PersistentMap;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.NodeRecord;
import dev.slipway.core.node.Nodes;
import dev.slipway.core.node.PortRange;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class WhatIfTest {
  private static final PathId WEB = PathId.of("/web");

  private static Nodes nodes(int count) {
    Nodes nodes = Nodes.NONE;
    for (int i = 1; i <= count; i++) {
      nodes = nodes.with(node("n" + i, 4, i));
    }
    return nodes;
  }

  private static NodeRecord node(String id, double cpus, int number) {
    return NodeRecord.of(
        new Node(
            new NodeId(id),
            id,
            "10.0." + number / 200 + "." + number % 200,
            Resources.of(cpus, 4096, 10_000, 0),
            new PortRange(31000, 31003),
            new PortRange(80, 90),
            new TreeMap<>(Map.of("zone", "z" + number % 3))),
        Instant.EPOCH);
  }

  private static Request request(String app, double cpus, Constraint... constraints) {
    return new Request(
        PathId.of(app),
        Resources.of(cpus, 32, 0, 0),
        List.of(constraints),
        List.of(new PortRequest.Any()),
        0);
  }

  private static Request gang(double cpus) {
    return new Request(
        WEB,
        Resources.of(cpus, 32, 0, 0),
        0,
        List.of(),
        Set.of(),
        List.of(),
        List.of(),
        new Scheduling(List.of(), List.of(), List.of(), 0, false, true),
        Optional.empty(),
        OptionalLong.empty(),
        List.of(),
        0);
  }

  private static WhatIf.Answer place(Nodes nodes, WhatIf.Ask... asks) {
    return WhatIf.place(nodes, PersistentMap.empty(), app -> List.of(), List.of(asks), () -> true);
  }

  private static Map<String, Integer> byNode(WhatIf.Given given) {
    var named = new TreeMap<String, Integer>();
    given.byNode().forEach((node, count) -> named.put(node.value(), count));
    return named;
  }

  @Test
  void eachRequestFindsTheOnesBeforeItInPlaceAndTheNodesStayWhatTheyAre() {
    Nodes nodes = nodes(2);
    var answer =
        place(
            nodes, new WhatIf.Ask(request("/web", 3), 3), new WhatIf.Ask(request("/small", 1), 2));

    assertThat(byNode(answer.given().getFirst())).isEqualTo(Map.of("n1", 1, "n2", 1));
    assertThat(answer.given().getFirst().refused()).isEqualTo(1);
    assertThat(answer.given().getFirst().survey())
        .isEqualTo(new Survey(Map.of(Reason.INSUFFICIENT_CPUS, 2)));
    assertThat(answer.given().getLast().placed()).isEqualTo(2);
    assertThat(answer.after().byId().values()).allMatch(record -> record.free().milliCpus() == 0);
    assertThat(nodes.byId().values()).allMatch(record -> record.free().milliCpus() == 4000);
  }

  @Test
  void rulesAboutSiblingsSeeThoseThatWereOnlySupposed() {
    var unique = new Constraint("hostname", Operator.UNIQUE, Optional.empty());
    var zone = new Constraint("zone", Operator.CLUSTER, Optional.empty());
    assertThat(place(nodes(2), new WhatIf.Ask(request("/web", 1, unique), 3)).given().getFirst())
        .satisfies(given -> assertThat(given.refused()).isEqualTo(1));
    assertThat(
            byNode(place(nodes(6), new WhatIf.Ask(request("/web", 1, zone), 2)).given().getFirst()))
        .isEqualTo(Map.of("n1", 1, "n4", 1));
  }

  @Test
  void portsAreTakenToo() {
    assertThat(place(nodes(1), new WhatIf.Ask(request("/web", 0.1), 9)).given().getFirst())
        .satisfies(
            given -> {
              assertThat(given.placed()).isEqualTo(4);
              assertThat(given.survey().of(Reason.INSUFFICIENT_PORTS)).isEqualTo(1);
            });
  }

  @Test
  void aGangIsPlacedWholeOrNotAtAll() {
    var answer = place(nodes(2), new WhatIf.Ask(gang(3), 3), new WhatIf.Ask(gang(4), 2));
    assertThat(answer.given().getFirst().placed()).isZero();
    assertThat(answer.given().getFirst().refused()).isEqualTo(3);
    assertThat(answer.given().getLast().placed()).isEqualTo(2);
  }

  @Test
  void aGangOfWhichNoneFitsIsToldSo() {
    var answer = place(nodes(2), new WhatIf.Ask(gang(5), 3));
    assertThat(answer.given().getFirst().refused()).isEqualTo(3);
    assertThat(answer.given().getFirst().survey().of(Reason.INSUFFICIENT_CPUS)).isEqualTo(2);
  }

  @Test
  void aNodeThatIsTakenAwayGivesItsPortsBack() {
    Nodes full = place(nodes(1), new WhatIf.Ask(request("/web", 1), 2)).after();
    NodeRecord gone = full.byId().values().iterator().next();
    Nodes without = WhatIf.without(full, gone);
    assertThat(without.byId().isEmpty()).isTrue();
    assertThat(without.portsByAddress().isEmpty()).isTrue();
  }

  @Test
  void stopsWhenPatienceEnds() {
    int[] asked = {0};
    var answer =
        WhatIf.place(
            nodes(1),
            PersistentMap.empty(),
            app -> List.of(),
            List.of(new WhatIf.Ask(request("/a", 0), 1000), new WhatIf.Ask(request("/b", 0), 1)),
            () -> asked[0]++ < 1);
    assertThat(answer.given()).hasSize(1);
  }

  @Test
  void tenThousandOnTenThousandTakeNoTime() {
    Nodes nodes = nodes(10_000);
    var random = new Random(1);
    List<WhatIf.Ask> asks = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asks.add(new WhatIf.Ask(request("/app" + i, 1 + random.nextInt(3)), 100));
    }
    var threads = ManagementFactory.getThreadMXBean();
    Duration fastest = Duration.ofDays(1);
    for (int round = 0; round < 6 && fastest.compareTo(Duration.ofSeconds(1)) > 0; round++) {
      long begun = threads.getCurrentThreadCpuTime();
      var answer = WhatIf.place(nodes, PersistentMap.empty(), app -> List.of(), asks, () -> true);
      Duration taken = Duration.ofNanos(threads.getCurrentThreadCpuTime() - begun);
      fastest = taken.compareTo(fastest) < 0 ? taken : fastest;
      assertThat(answer.given()).allMatch(given -> given.placed() == 100);
    }
    assertThat(fastest).isLessThan(Duration.ofSeconds(1));
  }
}
