package dev.slipway.bench.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.scheduling.Task.Rule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RefereeTest {
  private static final long CORES = 4_000;

  /// Two hosts in zone a, one in b, and one with two devices in b that is dedicated.
  private static final List<Host> HOSTS =
      List.of(host(0, "a"), host(1, "a"), host(2, "b"), gpuHost(3));

  private final Referee referee = new Referee(HOSTS);

  @Test
  void rightDecisionsAreNotBlamed() {
    place(task(0, 1_000), 0, 0);
    place(new Make(1).rules(new Rule.Spread("zone", 1)).task(), 2, 0);
    place(new Make(2).rules(new Rule.Spread("zone", 1)).task(), 1, 0);
    place(gpu(3, 500), 3, 0b01);
    place(gpu(4, 500), 3, 0b01);
    place(gpu(5, 1_000), 3, 0b10);
    refuse(gpu(6, 100), true);
    refuse(task(7, CORES + 1), true);
    assertThat(referee.violations()).isEmpty();
    assertThat(referee.hostsUsed()).isEqualTo(4);
  }

  @Test
  void aHostThatIsNotThereIsCaught() {
    expect(task(0, 1), 4, 0, Violation.NO_SUCH_HOST);
  }

  @Test
  void aTaskThatStandsAlreadyIsCaught() {
    place(task(0, 1), 0, 0);
    expect(task(0, 1), 1, 0, Violation.PLACED_TWICE);
  }

  @Test
  void tooMuchOfAnyDimensionIsCaught() {
    place(task(0, CORES), 0, 0);
    expect(task(1, 1), 0, 0, Violation.OVER_CAPACITY);
    expect(new Make(2).request(1, 1 << 20).task(), 1, 0, Violation.OVER_CAPACITY);
  }

  @Test
  void whatLeavesGivesItsRoomBackOnce() {
    Task task = task(0, CORES);
    place(task, 0, 0);
    referee.remove(task, choice(0, 0));
    place(task(1, CORES), 0, 0);
    assertThat(referee.violations()).isEmpty();
    referee.remove(task, choice(0, 0));
    assertThat(referee.violations()).isEqualTo(Map.of(Violation.REMOVED_FROM_NOWHERE, 1));
  }

  @Test
  void leavingAnotherHostThanItsOwnIsCaught() {
    place(task(0, 1), 0, 0);
    referee.remove(task(0, 1), choice(1, 0));
    assertThat(referee.violations()).containsOnlyKeys(Violation.REMOVED_FROM_NOWHERE);
  }

  @Test
  void aTakenPortIsCaught() {
    place(new Make(0).ports(80, 81).task(), 0, 0);
    place(new Make(1).ports(80).task(), 1, 0);
    expect(new Make(2).ports(81).task(), 0, 0, Violation.PORT_TAKEN);
  }

  @Test
  void tooFewTooManyOrStrangeDevicesAreCaught() {
    expect(gpu(0, 2_000), 3, 0b01, Violation.WRONG_DEVICES);
    referee.remove(gpu(0, 2_000), choice(3, 0b01));
    expect(gpu(1, 300), 3, 0b11, Violation.WRONG_DEVICES);
    expect(gpu(2, 300), 3, 0b100, Violation.WRONG_DEVICES);
    expect(task(3, 1), 0, 0b1, Violation.WRONG_DEVICES);
    expect(new Make(4).gpus(300, "T4").rules(DEVICES).task(), 3, 0b10, Violation.WRONG_DEVICES);
  }

  @Test
  void aDeviceThatIsTakenIsCaught() {
    place(gpu(0, 600), 3, 0b01);
    expect(gpu(1, 500), 3, 0b01, Violation.DEVICE_TAKEN);
  }

  @Test
  void aDedicatedHostTakesNobodyElse() {
    expect(task(0, 1), 3, 0, Violation.DEDICATED);
  }

  @Test
  void anAttributeOfAnotherValueIsCaught() {
    expect(
        new Make(0).rules(new Rule.Attribute("zone", "b")).task(), 0, 0, Violation.WRONG_ATTRIBUTE);
  }

  @Test
  void aSpreadBeyondTheSkewIsCaught() {
    var spread = new Rule.Spread("zone", 1);
    place(new Make(0).rules(spread).task(), 0, 0);
    expect(new Make(1).rules(spread).task(), 1, 0, Violation.SKEWED);
  }

  @Test
  void aValueWithoutRoomHoldsNoSpreadUp() {
    var spread = new Rule.Spread("zone", 1);
    place(task(0, CORES), 2, 0);
    place(new Make(1).rules(spread).task(), 0, 0);
    place(new Make(2).rules(spread).task(), 1, 0);
    assertThat(referee.violations()).isEmpty();
  }

  @Test
  void aBatchIsJudgedInAnyOrder() {
    var spread = new Rule.Spread("zone", 1);
    List<Task> tasks =
        List.of(new Make(0).rules(spread).task(), new Make(1).rules(spread).task(), task(2, 1));
    referee.judge(tasks, List.of(choice(0, 0), choice(2, 0), choice(1, 0)), true);
    assertThat(referee.violations()).isEmpty();
    expect(
        new Make(3).app("other").rules(new Rule.Apart("app", "hostname")).task(),
        1,
        0,
        Violation.NOT_APART);
  }

  @Test
  void moreOfAnAppThanAHostMayHaveAreCaught() {
    var alone = new Rule.AtMost("hostname", 1);
    place(new Make(0).rules(alone).task(), 0, 0);
    expect(new Make(1).rules(alone).task(), 0, 0, Violation.TOO_MANY);
  }

  @Test
  void standingBesideWhatItMustBeApartFromIsCaught() {
    place(new Make(0).app("loud").task(), 0, 0);
    place(new Make(1).rules(new Rule.Apart("loud", "hostname")).task(), 1, 0);
    assertThat(referee.violations()).isEmpty();
    expect(new Make(2).rules(new Rule.Apart("loud", "zone")).task(), 1, 0, Violation.NOT_APART);
  }

  @Test
  void standingAwayFromWhatItMustBeWithIsCaught() {
    var together = new Rule.Together("data", "zone");
    place(new Make(0).rules(together).task(), 2, 0);
    place(new Make(1).app("data").task(), 0, 0);
    place(new Make(2).rules(together).task(), 1, 0);
    assertThat(referee.violations()).isEmpty();
    expect(new Make(3).rules(together).task(), 2, 0, Violation.NOT_TOGETHER);
  }

  @Test
  void aWrongRefusalIsCaughtOrCountedAsMissed() {
    refuse(task(0, 1), false);
    assertThat(referee.violations()).isEmpty();
    assertThat(referee.missed()).isEqualTo(1);
    refuse(task(1, 1), true);
    assertThat(referee.violations()).isEqualTo(Map.of(Violation.WRONGLY_REFUSED, 1));
  }

  @Test
  void aRefusalBecauseOfARuleIsRight() {
    place(task(0, 1), 0, 0);
    place(task(1, 1), 1, 0);
    place(task(2, 1), 2, 0);
    refuse(new Make(3).rules(new Rule.AtMost("hostname", 1)).task(), true);
    refuse(new Make(4).rules(new Rule.Attribute("zone", "c")).task(), true);
    refuse(new Make(5).app("other").rules(new Rule.Apart("app", "zone")).task(), true);
    assertThat(referee.violations()).isEmpty();
    // The value of fewest tasks always may have one more.
    refuse(new Make(6).rules(new Rule.Spread("zone", 1)).task(), true);
    assertThat(referee.violations()).containsOnlyKeys(Violation.WRONGLY_REFUSED);
  }

  @Test
  void everyKindOfViolationHasATestHere() {
    assertThat(Violation.values()).hasSize(14);
  }

  private void place(Task task, int host, long devices) {
    referee.judge(List.of(task), List.of(choice(host, devices)), true);
  }

  private void refuse(Task task, boolean exact) {
    referee.judge(List.of(task), List.of(choice(-1, 0)), exact);
  }

  private void expect(Task task, int host, long devices, Violation violation) {
    Map<Violation, Integer> before = referee.violations();
    place(task, host, devices);
    Map<Violation, Integer> after = referee.violations();
    assertThat(after.get(violation)).isEqualTo(before.getOrDefault(violation, 0) + 1);
    after.remove(violation);
    before.remove(violation);
    assertThat(after).isEqualTo(before);
  }

  private static Policy.Choice choice(int host, long devices) {
    var choice = new Policy.Choice();
    choice.host = host;
    choice.devices = devices;
    return choice;
  }

  private static final Rule DEVICES = new Rule.Attribute("gpu", "yes");

  private static Task task(int index, long cpu) {
    return new Make(index).request(cpu, 1).task();
  }

  private static Task gpu(int index, int milliGpus) {
    return new Make(index).gpus(milliGpus).rules(DEVICES).task();
  }

  private static Host host(int index, String zone) {
    return new Host(
        index,
        "host-" + index,
        "plain",
        new Amounts(CORES, 8_192),
        0,
        "",
        new TreeMap<>(Map.of("zone", zone)),
        new TreeSet<>());
  }

  private static Host gpuHost(int index) {
    return new Host(
        index,
        "host-" + index,
        "gpu",
        new Amounts(CORES, 8_192),
        2,
        "A10G",
        new TreeMap<>(Map.of("zone", "b", "gpu", "yes")),
        new TreeSet<>(List.of("gpu")));
  }

  /// A task in the making; all of app `app` unless said otherwise.
  private static final class Make {
    private final int index;
    private String app = "app";
    private Amounts request = new Amounts(1, 1);
    private int milliGpus;
    private List<String> models = List.of();
    private List<Rule> rules = List.of();
    private List<Integer> ports = List.of();

    Make(int index) {
      this.index = index;
    }

    Make app(String name) {
      app = name;
      return this;
    }

    Make request(long... amounts) {
      request = new Amounts(amounts);
      return this;
    }

    Make gpus(int milli, String... wanted) {
      milliGpus = milli;
      models = List.of(wanted);
      return this;
    }

    Make rules(Rule... all) {
      rules = List.of(all);
      return this;
    }

    Make ports(Integer... all) {
      ports = Arrays.asList(all);
      return this;
    }

    Task task() {
      return new Task(index, app, request, milliGpus, new TreeSet<>(models), rules, ports);
    }
  }
}
