package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WhatIfCommandTest {
  private static final String PATH = "/api/v1/placement/what-if";

  private final ScriptedServer server = new ScriptedServer();

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void asksForWhatIsNamedAndTellsWhatBecameOfIt() {
    server.on(
        "POST " + PATH,
        """
        {"fits":false,"asks":[{"app":"/web","from":"n3","wanted":3,"placed":2,"refused":1,"nodes":{"n1":1,"new-1":1},
          "reasons":{"INSUFFICIENT_CPUS":2},"why":"no node has room: 2 nodes lack cpus"}],
         "free":{"cpus":1.5,"mem":64.0,"disk":0.0,"gpus":0},"nodes":[],"nodesInAll":0}\
        """);
    Run run =
        Run.of(
            server,
            "placement",
            "what-if",
            "--app",
            "web=2",
            "--remove-node",
            "n3",
            "--add-node",
            "cpus=4,mem=8192,count=2,zone=a");

    assertThat(run.code()).isEqualTo(1);
    assertThat(run.out())
        .contains("/web  n3         3       2  n1:1 new-1:1")
        .contains("/web: 1 without a place; no node has room: 2 nodes lack cpus")
        .contains("left free: cpus 1.5, mem 64");
    assertThat(server.lines()).containsExactly("POST " + PATH);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--app=/web=x", "--add-node=cpus", "--add-node=cpus=NaN"})
  void saysWhatIsMisspelt(String option) {
    Run run = Run.of(server, "placement", "what-if", "--app", "/a=1", option);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("does not say what is to be supposed");
  }
}
