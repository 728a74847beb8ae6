package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/// Daemons as Marathon's API shows them.
class DaemonTest {
  private static final String AGENT =
      """
      {"id": "/agent", "cmd": "watch", "cpus": 0.1, "mem": 16, "scheduling": {"daemon": true}}
      """;
  private static final String ON_RACK_Z =
      """
      {"constraints": [["rack", "IS", "z"]], "id\"""";
  private final Caller caller = Caller.withNodes();

  private int shown(String member) {
    return caller.get("/v2/apps").json().at("/apps/0/" + member).asInt();
  }

  @Test
  void hasAsManyInstancesAsThereAreNodesForIt() {
    caller.running(AGENT);
    assertThat(shown("instances")).isEqualTo(2);
    assertThat(shown("tasksRunning")).isEqualTo(2);
    assertThat(caller.get("/v2/apps/agent").json().at("/app/instances").asInt()).isEqualTo(2);

    caller.platform.node("n3", Map.of());
    caller.platform.settle();

    assertThat(shown("instances")).isEqualTo(3);
    assertThat(shown("tasksRunning")).isEqualTo(3);
  }

  @Test
  void isNotScaledButSuspended() {
    caller.running(AGENT);

    var scaled = caller.put("/v2/apps/agent", "{\"instances\": 5}");
    assertThat(scaled.status()).isEqualTo(422);
    assertThat(scaled.text())
        .contains("a daemon runs once on each node that can take it; leave 'instances' out");

    assertThat(caller.put("/v2/apps/agent", "{\"instances\": 0}").status()).isEqualTo(200);
    caller.platform.settle();
    assertThat(shown("instances")).isZero();
    assertThat(shown("tasksRunning")).isZero();

    assertThat(caller.put("/v2/apps/agent", "{\"instances\": 1}").status()).isEqualTo(200);
    caller.platform.settle();
    assertThat(shown("tasksRunning")).isEqualTo(2);
  }

  /// As Marathon's clients send it: a version beside other fields is refused.
  private String readToBeWritten() {
    return caller
        .get("/v2/apps/agent")
        .json()
        .get("app")
        .toString()
        .replaceFirst("\"version\":\"[^\"]*\",", "");
  }

  @Test
  void staysWhatItIsWhenAClientWritesBackWhatItRead() {
    caller.running(AGENT);
    String read = readToBeWritten();
    String changed = read.replace("\"watch\"", "\"look\"");
    assertThat(changed).contains("\"instances\":2").contains("look");

    assertThat(caller.put("/v2/apps/agent?partialUpdate=false", changed).status()).isEqualTo(200);
    caller.platform.settle();
    assertThat(caller.put("/v2/apps/agent", read).status()).isEqualTo(200);
    caller.platform.settle();
    assertThat(caller.patch("/v2/apps", "[" + changed + "]").status()).isEqualTo(200);
    caller.platform.settle();
    var group = caller.put("/v2/groups", "{\"id\": \"/\", \"apps\": [" + read + "]}");
    assertThat(group.status()).isEqualTo(200);
    caller.platform.settle();

    assertThat(shown("tasksRunning")).isEqualTo(2);
    String more = read.replace("\"instances\":2", "\"instances\":3");
    assertThat(caller.put("/v2/apps/agent", more).status()).isEqualTo(422);
    caller.platform.node("n3", Map.of());
    caller.platform.settle();
    assertThat(shown("tasksRunning")).isEqualTo(3);
    assertThat(caller.put("/v2/apps/agent", more).status()).isEqualTo(200);
  }

  @Test
  void isNotSuspendedByAClientThatReadsItWhileNoNodeIsForIt() {
    caller.post("/v2/apps", AGENT.replace("{\"id\"", ON_RACK_Z));
    caller.platform.settle();
    assertThat(shown("instances")).isEqualTo(1);
    assertThat(shown("tasksRunning")).isZero();
    String read = readToBeWritten();
    assertThat(caller.put("/v2/apps/agent", read).status()).isEqualTo(200);

    caller.platform.node("n3", Map.of("rack", "z"));
    caller.platform.settle();

    assertThat(shown("tasksRunning")).isEqualTo(1);
  }

  @Test
  void tellsWhatMakesNoSenseBesideIt() {
    var answer =
        caller.post(
            "/v2/apps",
            """
            {"id": "/agent", "cmd": "watch", "scheduling": {"daemon": true},
             "constraints": [["rack", "GROUP_BY", "2"]], "restartPolicy": "never"}
            """);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.text())
        .contains("GROUP_BY of 'rack' says where instances stand to each other")
        .contains("a daemon always runs");
  }

  @Test
  void aWaitingOneNamesItsNode() {
    caller.running(
        """
        {"id": "/big", "cmd": "x", "cpus": 0.1, "mem": 1000,
         "constraints": [["rack", "IS", "b"]]}
        """);
    caller.post("/v2/apps", AGENT.replace("16", "32"));
    caller.platform.settle();

    var queue = caller.get("/v2/queue").json();

    assertThat(queue.at("/queue/0/count").asInt()).isEqualTo(1);
    assertThat(shown("tasksRunning")).isEqualTo(1);
    assertThat(caller.get("/v2/deployments").text()).isEqualTo("[]");
    assertThat(shown("instances")).isEqualTo(2);
  }
}
