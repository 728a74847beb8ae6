package dev.slipway.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Who leads, as each server tells it.
class ServersCommandTest {
  private static final String LEADER =
      "\"leader\":{\"name\":\"alpha\",\"address\":\"http://10.0.0.1:8080\"}";
  private static final String LEASE = "\"lease\":{\"epoch\":7,\"millis\":5000,\"released\":false}";

  private final ScriptedServer server = new ScriptedServer();

  @AfterEach
  void close() {
    server.close();
  }

  private Run told(String... parts) {
    server.on("GET /api/v1/servers", "{" + String.join(",", parts) + "}");
    return Run.of(server, "servers");
  }

  private static String self(String role, String more) {
    return ("\"self\":{\"id\":\"i\",\"name\":\"beta\",\"address\":\"http://10.0.0.2:8080\","
            + "\"role\":\"%s\",\"sequence\":4711%s}")
        .formatted(role, more);
  }

  @Test
  void aStandbyNamesTheLeaderAndItsOwnLag() {
    Run run = told(LEADER, LEASE, self("following", ",\"lagMillis\":12"));
    assertThat(run.code()).isZero();
    assertThat(run.lines()).hasSize(3);
    assertThat(run.lines().get(1)).matches("alpha +http://10.0.0.1:8080 +leading +7 .*");
    assertThat(run.lines().get(2)).matches("beta +http://10.0.0.2:8080 +following .*12 ms");
  }

  @Test
  void aLeaderNamesItselfOnce() {
    Run run = told(LEADER.replace("alpha", "beta"), LEASE, self("leading", ""));
    assertThat(run.lines()).hasSize(2);
    assertThat(run.lines().get(1)).matches("beta +http://10.0.0.2:8080 +leading +7 .*");
  }

  @Test
  void whereNobodyLeadsItSaysWhy() {
    Run run =
        told(
            self(
                "following",
                ",\"problem\":\"the database is away\","
                    + "\"lastTerm\":{\"epoch\":6,\"reason\":\"no progress for 30 s\",\"agoMillis\":9500}"));
    assertThat(run.code()).isZero();
    assertThat(run.out())
        .contains("No server is known to lead.")
        .contains("It reads nothing new: the database is away")
        .contains("It led until 9 s ago, in epoch 6: no progress for 30 s");
  }
}
