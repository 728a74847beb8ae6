package dev.slipway.server.marathon.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Clients with closed models (`marathon-python` 0.13) break on a key that they do not know. They
/// meet one only where somebody asked for what it stands for.
class ClosedClientTest {
  /// The arguments of `MarathonApp.__init__`, but for those of the past and those about tasks.
  private static final Set<String> APP =
      Set.of(
          "acceptedResourceRoles",
          "args",
          "backoffFactor",
          "backoffSeconds",
          "cmd",
          "constraints",
          "container",
          "cpus",
          "dependencies",
          "disk",
          "env",
          "executor",
          "fetch",
          "gpus",
          "healthChecks",
          "id",
          "instances",
          "killSelection",
          "labels",
          "maxLaunchDelaySeconds",
          "mem",
          "networks",
          "portDefinitions",
          "readinessChecks",
          "requirePorts",
          "residency",
          "role",
          "secrets",
          "taskKillGracePeriodSeconds",
          "unreachableStrategy",
          "upgradeStrategy",
          "user",
          "version",
          "versionInfo");

  private static final Set<String> CONTAINER = Set.of("docker", "type", "portMappings", "volumes");
  private static final Set<String> MAPPING =
      Set.of("name", "containerPort", "hostPort", "servicePort", "protocol", "labels");
  private static final Set<String> VOLUME =
      Set.of("containerPath", "hostPath", "mode", "persistent", "external");
  private static final Set<String> READINESS =
      Set.of(
          "name",
          "protocol",
          "path",
          "portName",
          "intervalSeconds",
          "httpStatusCodesForReady",
          "preserveLastResponse",
          "timeoutSeconds");

  private static final String EVERYTHING_THEY_KNOW =
      """
      {"id": "/team/a", "cmd": "run", "acceptedResourceRoles": ["*"], "cpus": 0.1, "mem": 16,
       "constraints": [["hostname", "UNIQUE"]], "dependencies": ["/team/b"], "disk": 1,
       "container": {"type": "MESOS", "docker": {"image": "x", "privileged": true},
         "portMappings": [{"containerPort": 80, "name": "http-api", "labels": {"a": "b"}}],
         "volumes": [{"containerPath": "/a", "hostPath": "/b", "mode": "RO"},
                     {"containerPath": "data", "persistent": {"size": 5}}]},
       "networks": [{"mode": "container/bridge"}],
       "env": {"A": "1", "B": {"secret": "pw"}}, "secrets": {"pw": {"source": "team/pw"}},
       "executor": "//cmd", "fetch": [{"uri": "/x"}], "gpus": 1,
       "healthChecks": [{"protocol": "MESOS_HTTP"}], "labels": {"a": "b"},
       "readinessChecks": [{}], "taskKillGracePeriodSeconds": 5, "user": "me", "role": "team",
       "deployment": {}, "restartPolicy": "always", "preferences": [], "scheduling": {},
       "backoffJitter": 0,
       "backoffMinimumUptimeSeconds": 0, "tty": false, "resourceLimits": {}}
      """;

  @Test
  void theyKnowEveryKeyOfAnAppThatAsksForWhatTheyKnow() {
    JsonNode app = Described.written(Described.app(EVERYTHING_THEY_KNOW));
    assertThat(APP).containsAll(app.propertyNames());
    assertThat(CONTAINER).containsAll(app.get("container").propertyNames());
    assertThat(MAPPING).containsAll(app.at("/container/portMappings/0").propertyNames());
    assertThat(VOLUME).containsAll(app.at("/container/volumes/0").propertyNames());
    assertThat(VOLUME).containsAll(app.at("/container/volumes/1").propertyNames());
    assertThat(READINESS).containsAll(app.at("/readinessChecks/0").propertyNames());
  }

  @Test
  void anAppThatAsksForNothingHasWhatMarathonAlwaysWrites() {
    JsonNode app = Described.written(Described.app("{\"id\": \"/a\", \"cmd\": \"run\"}"));
    assertThat(new TreeSet<>(app.propertyNames()))
        .containsExactly(
            "backoffFactor",
            "backoffSeconds",
            "cmd",
            "cpus",
            "disk",
            "executor",
            "gpus",
            "id",
            "instances",
            "killSelection",
            "labels",
            "maxLaunchDelaySeconds",
            "mem",
            "networks",
            "portDefinitions",
            "requirePorts",
            "role",
            "unreachableStrategy",
            "upgradeStrategy",
            "version",
            "versionInfo");
  }

  @Test
  void loadBalancersFindAllTheyReadOfHealthChecks() {
    for (String protocol : List.of("HTTP", "TCP", "MESOS_HTTP", "MESOS_HTTPS", "MESOS_TCP")) {
      JsonNode check =
          Described.written(
                  Described.app(
                      "{\"id\": \"/a\", \"cmd\": \"run\", \"healthChecks\": [{\"protocol\": \""
                          + protocol
                          + "\"}]}"))
              .at("/healthChecks/0");
      assertThat(check.propertyNames())
          .contains(
              "protocol",
              "portIndex",
              "timeoutSeconds",
              "intervalSeconds",
              "gracePeriodSeconds",
              "maxConsecutiveFailures");
      assertThat(check.get("protocol").asString()).isEqualTo(protocol);
    }
  }
}
