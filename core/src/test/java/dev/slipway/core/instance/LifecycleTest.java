package dev.slipway.core.instance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LifecycleTest {
  /// Every condition against every trigger; `-` where nothing changes.
  private static final String EXPECTATIONS =
      """
      from                 PLACED      STAGED  STARTED LOST        WAITED_FOR           KILL_ORDERED EXITED_WELL EXITED_BADLY ENDED_AS_ORDERED VANISHED
      SCHEDULED            PROVISIONED -       -       -           -                    DROPPED      -           -            -                -
      PROVISIONED          -           STAGING RUNNING UNREACHABLE -                    KILLING      FINISHED    FAILED       KILLED           GONE
      STAGING              -           -       RUNNING UNREACHABLE -                    KILLING      FINISHED    FAILED       KILLED           GONE
      RUNNING              -           -       -       UNREACHABLE -                    KILLING      FINISHED    FAILED       KILLED           GONE
      UNREACHABLE          -           STAGING RUNNING -           UNREACHABLE_INACTIVE KILLING      FINISHED    FAILED       KILLED           GONE
      UNREACHABLE_INACTIVE -           STAGING RUNNING -           -                    KILLING      FINISHED    FAILED       KILLED           GONE
      KILLING              -           -       -       -           -                    -            KILLED      KILLED       KILLED           KILLED
      FINISHED             -           -       -       -           -                    -            -           -            -                -
      FAILED               -           -       -       -           -                    -            -           -            -                -
      KILLED               -           -       -       -           -                    -            -           -            -                -
      GONE                 -           -       -       -           -                    -            -           -            -                -
      DROPPED              -           -       -       -           -                    -            -           -            -                -
      """;

  @ParameterizedTest
  @MethodSource("expectations")
  void leadsWhereExpected(Condition from, Trigger trigger, Optional<Condition> to) {
    assertThat(Lifecycle.next(from, trigger)).isEqualTo(to);
  }

  static Stream<Arguments> expectations() {
    return table().entrySet().stream()
        .flatMap(
            row ->
                row.getValue().entrySet().stream()
                    .map(cell -> Arguments.of(row.getKey(), cell.getKey(), cell.getValue())));
  }

  @Test
  void isExpectedInEveryCell() {
    assertThat(table()).containsOnlyKeys(Condition.values());
    assertThat(table().values())
        .allSatisfy(row -> assertThat(row).containsOnlyKeys(Trigger.values()));
  }

  @Test
  void leadsFromEveryConditionToAnEndByEveryWayOutOfLife() {
    for (Condition condition : Condition.values()) {
      if (condition.isTerminal() || condition == Condition.SCHEDULED) {
        continue;
      }
      for (Trigger end :
          List.of(
              Trigger.EXITED_WELL,
              Trigger.EXITED_BADLY,
              Trigger.ENDED_AS_ORDERED,
              Trigger.VANISHED)) {
        assertThat(Lifecycle.next(condition, end)).get().matches(Condition::isTerminal);
      }
    }
  }

  @Test
  void isDrawnInTheDocumentationAsItIs() throws IOException {
    String page = Files.readString(Path.of("..", "docs", "instances.md"));
    int start = page.indexOf("```mermaid\n") + "```mermaid\n".length();
    String drawn = page.substring(start, page.indexOf("```", start));
    assertThat(drawn).isEqualTo(Lifecycle.diagram());
  }

  private static Map<Condition, Map<Trigger, Optional<Condition>>> table() {
    var lines = EXPECTATIONS.lines().map(line -> line.trim().split(" +")).toList();
    var triggers = Arrays.stream(lines.getFirst()).skip(1).map(Trigger::valueOf).toList();
    Map<Condition, Map<Trigger, Optional<Condition>>> table = new LinkedHashMap<>();
    for (var cells : lines.subList(1, lines.size())) {
      Map<Trigger, Optional<Condition>> row = new LinkedHashMap<>();
      for (int i = 0; i < triggers.size(); i++) {
        row.put(
            triggers.get(i),
            Optional.of(cells[i + 1]).filter(cell -> !cell.equals("-")).map(Condition::valueOf));
      }
      table.put(Condition.valueOf(cells[0]), row);
    }
    return table;
  }
}
