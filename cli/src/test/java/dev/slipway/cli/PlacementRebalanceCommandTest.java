package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PlacementRebalanceCommandTest {
  private static final String PATH = "/api/v1/placement/rebalance";
  private static final String MOVE =
      """
      {"instance":"a.instance-1","app":"/a","from":"n1","to":"n2","cause":"empty_node",
       "why":"empties n1","gain":0.25}""";
  private static final String PLAN =
      """
      {"summary":"1 move empties 1 node, 0.250 of all that the ready nodes offer","nodesFreed":1,
       "freed":0.25,"rulesMended":0,"preferencesMet":0,
       "moved":{"cpus":0.5,"mem":32.0,"disk":0.0,"gpus":0},"moves":["""
          + MOVE
          + "]}";
  private static final String STATUS =
      """
      {"state":"moving","automatic":false,"startedAt":"2026-03-01T10:00:00.000Z","summary":"1 move",
       "planned":[],"moving":[{"move":"""
          + MOVE
          + """
            ,"since":"2026-03-01T10:00:00.000Z"}],"done":3,"givenUp":1,
             "outcomes":[{"move":"""
          + MOVE
          + ",\"done\":false,\"reason\":\"it is gone\",\"at\":\"2026-03-01T10:00:00.000Z\"}]}";

  private final ScriptedServer server = new ScriptedServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void showsWhatItWouldMove() {
    server.on("POST " + PATH + "?dryRun=true", PLAN);

    Run run = Run.of(server, "placement", "rebalance", "--dry-run");

    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("a.instance-1")
        .contains("25.0 %")
        .contains("empties n1")
        .contains("1 move empties 1 node, 0.250 of all that the ready nodes offer.")
        .doesNotContain("They are moved now");
    assertThat(server.lines()).containsExactly("POST " + PATH + "?dryRun=true");
  }

  @Test
  void begins() {
    server.on("POST " + PATH, PLAN);

    assertThat(Run.of(server, "placement", "rebalance").out()).contains("They are moved now");
  }

  @Test
  void tellsHowFarItIs() {
    server.on("GET " + PATH, STATUS);

    assertThat(Run.of(server, "placement", "rebalance", "--status").out())
        .contains("moving: 3 moves done, 1 given up, 1 under way, 0 planned")
        .contains("under way")
        .contains("given up: it is gone");
  }

  @Test
  void refusesTwoThingsAtOnce() {
    Run run = Run.of(server, "placement", "rebalance", "--status", "--stop");

    assertThat(run.code()).isEqualTo(Exit.USAGE.code());
    assertThat(run.err()).contains("exclude each other");
  }
}
