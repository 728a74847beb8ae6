package dev.slipway.bench.packing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.scheduling.Amounts;
import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Policy.Choice;
import dev.slipway.bench.scheduling.Task;
import dev.slipway.bench.scheduling.Task.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class FragmentationTest {
  private final Choice choice = new Choice();

  private static Host host(int index, long cpu, int gpus) {
    return new Host(
        index,
        "host-" + index,
        "",
        new Amounts(cpu, 1_000),
        gpus,
        gpus == 0 ? "" : "T4",
        new TreeMap<>(),
        new TreeSet<>());
  }

  private static Task task(long cpu, int milliGpus, Rule... rules) {
    return new Task(
        0, "app", new Amounts(cpu, 1), milliGpus, new TreeSet<>(), List.of(rules), List.of());
  }

  @Test
  void shareGoesToTheDeviceWhereNothingOfUseIsLost() {
    var policy = new FragmentationDescent();
    policy.start(List.of(host(0, 100, 2)), List.of(task(1, 1_000)));

    assertThat(policy.place(task(1, 400), choice)).isTrue();
    long first = choice.devices;
    assertThat(policy.place(task(1, 500), choice)).isTrue();

    assertThat(choice.devices).as("the other device stays whole").isEqualTo(first);
  }

  @Test
  void takenAwayIsFreeAgain() {
    var policy = new FragmentationDescent();
    Task whole = task(1, 1_000);
    policy.start(List.of(host(0, 100, 1)), List.of(whole));

    assertThat(policy.place(whole, choice)).isTrue();
    assertThat(policy.place(whole, new Choice())).isFalse();
    policy.remove(whole, choice);

    assertThat(policy.place(whole, new Choice())).isTrue();
  }

  @Test
  void adoptedTaskTakesItsDevices() {
    var policy = new FragmentationDescent();
    policy.start(List.of(host(0, 100, 1)), List.of(task(1, 1_000)));
    choice.host = 0;
    choice.devices = 1;

    assertThat(policy.adopt(task(1, 700), choice)).isTrue();

    assertThat(policy.place(task(1, 400), new Choice())).isFalse();
    assertThat(policy.place(task(1, 300), new Choice())).isTrue();
  }

  @Test
  void onlySoManyOfAnAppStandOnOneHost() {
    Task task = task(1, 0, new Rule.AtMost("hostname", 1));
    var policy = new ScoredPlacement(VectorScore.bestFit());
    policy.start(List.of(host(0, 100, 0), host(1, 100, 0)), List.of(task));

    List<Integer> hosts = new ArrayList<>();
    while (policy.place(task, choice)) {
      hosts.add(choice.host);
    }

    assertThat(hosts).containsExactly(0, 1);
  }

  @Test
  void peersFillTheFullestHost() {
    Task small = task(10, 0);
    for (Score score : List.of(PeerScores.nomad(), PeerScores.kubernetesMost())) {
      var policy = new ScoredPlacement(score);
      policy.start(List.of(host(0, 100, 0), host(1, 100, 0)), List.of(small));
      choice.host = 1;
      policy.adopt(task(50, 0), choice);

      policy.place(small, choice);

      assertThat(choice.host).as(score.name()).isEqualTo(1);
    }
  }
}
