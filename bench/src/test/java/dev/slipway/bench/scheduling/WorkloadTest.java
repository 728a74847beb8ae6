package dev.slipway.bench.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.bench.scheduling.Cell.Standing;
import dev.slipway.bench.scheduling.Task.Rule;
import dev.slipway.bench.scheduling.Workload.Occupancy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkloadTest {
  private static final Mix MIXED = Mix.CONSTRAINED.getLast();

  @ParameterizedTest
  @EnumSource(Occupancy.class)
  void theSameSeedGivesTheSameCellAndAnotherSeedAnother(Occupancy occupancy) {
    Workload workload = Workload.of(60, 8, MIXED).with(occupancy);
    assertThat(workload.generate()).isEqualTo(workload.generate());
    var other = new Workload(60, 8, MIXED, occupancy, 1, 2);
    assertThat(other.generate()).isNotEqualTo(workload.generate());
  }

  @Test
  void tenTasksAHostTakeFourFifthsOfWhatTheyAreShortOf() {
    Cell cell = Workload.of(200, 8, Mix.NONE).generate();
    assertThat(cell.tasks()).hasSize(2_000);
    double most = Math.max(asked(cell, 0), asked(cell, 1));
    assertThat(most).isBetween(0.75, 0.8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8, 60})
  void thereAreAsManyMachineTypesAsAskedFor(int types) {
    Set<String> seen = new HashSet<>();
    Workload.of(2_000, types, Mix.NONE).generate().hosts().forEach(host -> seen.add(host.type()));
    assertThat(seen).hasSize(types);
  }

  @Test
  void eachMixHasItsShareOfConstrainedTasks() {
    assertThat(share("spread", task -> has(task, Rule.Spread.class))).isEqualTo(1);
    assertThat(share("labels", task -> has(task, Rule.Attribute.class))).isBetween(0.4, 0.6);
    assertThat(share("anti-affinity", task -> has(task, Rule.AtMost.class))).isBetween(0.1, 0.3);
    assertThat(share("ports", task -> !task.ports().isEmpty())).isBetween(0.1, 0.3);
    assertThat(share("gpus", task -> task.milliGpus() > 0)).isBetween(0.05, 0.15);
    assertThat(share("pools", task -> has(task, Rule.Attribute.class))).isBetween(0.2, 0.4);
    assertThat(
            share(
                "affinity", task -> has(task, Rule.Apart.class) || has(task, Rule.Together.class)))
        .isBetween(0.1, 0.3);
  }

  @Test
  void whatStandsBeforeKeepsAllRulesAndFillsTheHosts() {
    Cell cell = Workload.of(90, 8, MIXED).with(Occupancy.EIGHTY).generate();
    var referee = new Referee(cell.hosts());
    for (Standing each : cell.before()) {
      referee.judge(List.of(each.task()), List.of(each.choice()), true);
    }
    assertThat(referee.violations()).isEmpty();
    assertThat(fullness(referee, cell)).isBetween(0.78, 0.82);
  }

  @Test
  void aTenthOfTheTailFitsNowhere() {
    Cell cell = Workload.of(200, 8, Mix.NONE).with(Occupancy.TAIL).generate();
    var referee = new Referee(cell.hosts());
    cell.before()
        .forEach(each -> referee.judge(List.of(each.task()), List.of(each.choice()), true));
    assertThat(fullness(referee, cell)).isBetween(0.94, 0.96);
    long tail =
        cell.tasks().stream()
            .filter(task -> cell.hosts().stream().noneMatch(host -> referee.fits(task, host)))
            .count();
    assertThat((double) tail / cell.tasks().size()).isBetween(0.09, 0.2);
  }

  @Test
  void inChurnOneLeavesForEachThatComesAndNobodyTwice() {
    Cell cell = Workload.of(60, 1, Mix.NONE).with(Occupancy.CHURN).generate();
    assertThat(cell.leaving()).hasSameSizeAs(cell.tasks()).doesNotHaveDuplicates();
    for (int i = 0; i < cell.leaving().size(); i++) {
      assertThat(cell.leaving().get(i)).isLessThan(cell.tasks().get(i).index());
    }
  }

  private static double share(String mix, Predicate<Task> constrained) {
    Mix wanted =
        Mix.CONSTRAINED.stream().filter(each -> each.name().equals(mix)).findFirst().orElseThrow();
    List<Task> tasks = Workload.of(1_000, 8, wanted).generate().tasks();
    return (double) tasks.stream().filter(constrained).count() / tasks.size();
  }

  private static boolean has(Task task, Class<? extends Rule> kind) {
    return task.rules().stream().anyMatch(kind::isInstance);
  }

  private static double asked(Cell cell, int dimension) {
    double asked = cell.tasks().stream().mapToLong(task -> task.request().of(dimension)).sum();
    return asked / capacity(cell, dimension);
  }

  private static double fullness(Referee referee, Cell cell) {
    return cell.hosts().stream().mapToDouble(referee::fullness).average().orElseThrow();
  }

  private static double capacity(Cell cell, int dimension) {
    return cell.hosts().stream().mapToLong(host -> host.capacity().of(dimension)).sum();
  }
}
