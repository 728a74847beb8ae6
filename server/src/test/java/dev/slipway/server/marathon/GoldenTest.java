package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Resources;
import dev.slipway.core.control.Input;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.core.engine.TaskObservation.Status;
import dev.slipway.core.health.HealthRecord;
import dev.slipway.core.node.Node;
import dev.slipway.core.node.NodeFeature;
import dev.slipway.core.node.NodeId;
import dev.slipway.core.node.PortRange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The whole JSON of each endpoint, key by key: clients with closed models break on one key too
/// many.
class GoldenTest {
  static final String FULL =
      """
      {"id": "/shop/cart", "args": ["/usr/bin/cart", "--fast"], "cpus": 0.1, "mem": 16, "disk": 0.5,
       "gpus": 0, "instances": 2, "user": "shop",
       "env": {"B": "2", "A": "1"}, "labels": {"tier": "web"},
       "fetch": [{"uri": "https://example.org/cart.tgz", "cache": true},
                 {"uri": "slipway://cart", "extract": false, "executable": true, "destPath": "bin/cart",
                  "checksum": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}],
       "portDefinitions": [{"port": 0, "name": "http", "labels": {"VIP_0": "cart:80"}},
                           {"port": 10500, "protocol": "udp"}],
       "healthChecks": [
         {"protocol": "MESOS_HTTP", "path": "/health", "portIndex": 1, "gracePeriodSeconds": 30,
          "intervalSeconds": 5, "timeoutSeconds": 2.5, "maxConsecutiveFailures": 0},
         {"protocol": "TCP", "port": 9000},
         {"protocol": "COMMAND", "command": {"value": "test -f ok"}}],
       "upgradeStrategy": {"minimumHealthCapacity": 0.5},
       "backoffSeconds": 2, "backoffFactor": 1.5, "maxLaunchDelaySeconds": 60,
       "taskKillGracePeriodSeconds": 10, "killSelection": "OLDEST_FIRST",
       "dependencies": ["/shop/db"], "constraints": [["hostname", "UNIQUE"], ["rack", "LIKE", "[ab]"]]}
      """;

  private final Caller caller = Caller.withNodes();

  @Test
  void anAppWithNothingButACommandShowsAllDefaults() throws IOException {
    var created = caller.post("/v2/apps", "{\"id\": \"minimal\", \"cmd\": \"sleep 1\"}");
    assertThat(created.status()).isEqualTo(201);
    Golden.check("app-minimal-created.json", created.text());
  }

  @Test
  void anAppWithEverythingComesBackAsGiven() throws IOException {
    assertThat(caller.post("/v2/apps?allowUnknownDependencies=true", FULL).status()).isEqualTo(201);
    var version = caller.get("/v2/apps/shop/cart/versions").at("/versions/0");
    Golden.check(
        "app-full-version.json", caller.get("/v2/apps/shop/cart/versions/" + version).text());
  }

  /// Each field that is not in {@link #FULL}, Slipway's own included.
  static final String EVERYTHING =
      """
      {"id": "/team/all", "cpus": 0.5, "mem": 64, "user": "me", "tty": true,
       "container": {"type": "MESOS", "linuxInfo": {"seccomp": {"unconfined": true}},
         "docker": {"image": "registry.example.org/all:1", "forcePullImage": true,
           "privileged": true, "pullConfig": {"secret": "registry"},
           "credential": {"principal": "me"}},
         "portMappings": [
           {"containerPort": 80, "name": "http-api", "labels": {"VIP_0": "all:80"}},
           {"containerPort": 53, "hostPort": 5353, "servicePort": 10900, "protocol": "udp"}],
         "volumes": [
           {"containerPath": "/etc/all", "hostPath": "/srv/all", "mode": "RO"},
           {"containerPath": "data", "mode": "RW", "persistent": {"size": 10, "type": "mount",
             "maxSize": 20, "profileName": "ssd", "constraints": [["path", "LIKE", "/mnt/.*"]]}},
           {"containerPath": "/ext", "external": {"name": "v1", "provider": "dvdi", "size": 2,
             "options": {"dvdi/driver": "rexray"}}},
           {"containerPath": "conf/password", "secret": "password"}]},
       "networks": [{"mode": "container/bridge", "labels": {"lan": "a"}}],
       "env": {"PLAIN": "1", "PASSWORD": {"secret": "password"}},
       "secrets": {"password": {"source": "team/password"}, "registry": {"source": "registry"}},
       "check": {"http": {"portIndex": 0, "path": "/check"}, "intervalSeconds": 7},
       "readinessChecks": [{"path": "/ready", "preserveLastResponse": true}],
       "unreachableStrategy": "disabled", "upgradeStrategy": {"minimumHealthCapacity": 0.2},
       "resourceLimits": {"cpus": "unlimited", "mem": 128}, "role": "team",
       "acceptedResourceRoles": ["*", "team"], "executor": "//cmd",
       "executorResources": {"cpus": 0.1, "mem": 32},
       "deployment": {"progressDeadlineSeconds": 600, "onFailure": "rollback"},
       "restartPolicy": "onFailure", "backoffMinimumUptimeSeconds": 30, "backoffJitter": 0.1,
       "preferences": [{"constraint": ["@zone", "GROUP_BY"], "weight": 20}],
       "scheduling": {"priority": 10, "gang": true,
         "spread": [{"attribute": "@zone", "weight": 20}, {"attribute": "rack", "maxSkew": 2}],
         "affinity": [{"app": "/db"}],
         "antiAffinity": [{"app": "/team/batch", "attribute": "@zone", "weight": 5}]}}
      """;

  @Test
  void anAppWithEverythingElseComesBackAsGiven() throws IOException {
    assertThat(caller.post("/v2/apps", EVERYTHING).status()).isEqualTo(201);
    var version = caller.get("/v2/apps/team/all/versions").at("/versions/0");
    Golden.check(
        "app-everything-version.json", caller.get("/v2/apps/team/all/versions/" + version).text());
  }

  @Test
  void anAppBehindABridgeLooksAsMarathon15sDo() throws IOException {
    caller.post(
        "/v2/apps",
        """
        {"id": "pywebserver", "cmd": "python -m http.server 80", "cpus": 0.1, "mem": 128,
         "labels": {"HAPROXY_GROUP": "external"},
         "unreachableStrategy": {"inactiveAfterSeconds": 300, "expungeAfterSeconds": 600},
         "container": {"docker": {"image": "python:3", "network": "BRIDGE", "portMappings": [
           {"containerPort": 80, "name": "test", "servicePort": 10101}]}}}
        """);
    Golden.check("app-bridged.json", caller.get("/v2/apps?embed=apps.tasks").text());
  }

  @Test
  void aTaskTellsItsVolumesAndWhereItStands() throws IOException {
    caller.platform.apply(
        new Input.NodeSeen(
            new Node(
                new NodeId("n3"),
                "n3.example.org",
                "10.0.0.3",
                Resources.of(4, 1024, 4096, 0),
                new PortRange(31000, 31999),
                new PortRange(1024, 19999),
                new TreeMap<>(Map.of("@region", "eu-1", "@zone", "eu-1a")),
                new TreeSet<>(Set.of(NodeFeature.PERSISTENT_VOLUMES)))));
    caller.running(
        """
        {"id": "db", "cmd": "db", "cpus": 0.1, "mem": 16, "role": "*", "container": {
          "type": "MESOS", "volumes": [{"containerPath": "data", "persistent": {"size": 10}}]}}
        """);
    Golden.check("app-resident-tasks.json", caller.get("/v2/apps/db/tasks").text());
  }

  @Test
  void aRunningAppTellsItsTasks() throws IOException {
    caller.running(
        """
        {"id": "web", "cmd": "serve", "cpus": 0.5, "mem": 64, "healthChecks": [{"protocol": "HTTP"}],
         "portDefinitions": [{"port": 10100}], "requirePorts": true}
        """);
    var instance = caller.platform.instances("/web").getFirst();
    caller.platform.apply(new Input.HealthSeen(instance.id(), true));
    var at = MemoryPlatform.START.plusSeconds(5);
    caller.health.put(
        instance.id(),
        List.of(
            new HealthRecord(
                true,
                0,
                Optional.of(at),
                Optional.of(at.plusSeconds(60)),
                Optional.empty(),
                Optional.empty())));
    Golden.check("app-running.json", caller.get("/v2/apps/web?embed=app.taskStats").text());
    Golden.check("apps.json", caller.get("/v2/apps").text());
    Golden.check("tasks.json", caller.get("/v2/tasks").text());
    Golden.check("app-tasks.json", caller.get("/v2/apps/web/tasks").text());
  }

  @Test
  void aFailedTaskIsTold() throws IOException {
    caller.running("{\"id\": \"web\", \"cmd\": \"serve\", \"cpus\": 0.5, \"mem\": 64}");
    var task = caller.platform.instances("/web").getFirst().id().task();
    caller.platform.pass(Duration.ofSeconds(10));
    caller.platform.see(
        task,
        new Status.Ended(
            new TaskEnd(
                TaskEnd.Reason.EXITED, Optional.of(3), Optional.empty(), "exited with code 3")));
    Golden.check("app-failed.json", caller.get("/v2/apps/web").text());
    Golden.check("queue-backoff.json", caller.get("/v2/queue").text());
  }

  @Test
  void aDeploymentTellsItsPlanAndWhereItStands() throws IOException {
    caller.post(
        "/v2/groups",
        """
        {"id": "/shop", "apps": [
          {"id": "db", "cmd": "db", "cpus": 0.1, "mem": 16},
          {"id": "web", "cmd": "web", "cpus": 0.1, "mem": 16, "dependencies": ["db"]}]}
        """);
    Golden.check("deployments.json", caller.get("/v2/deployments").text());
    Golden.check("groups.json", caller.get("/v2/groups").text());
    Golden.check(
        "group-dry-run.json",
        caller.put("/v2/groups/shop?dryRun=true&force=true", "{\"apps\": []}").text());
  }

  @Test
  void theQueueTellsWhyAnAppWaits() throws IOException {
    caller.post(
        "/v2/apps",
        """
        {"id": "huge", "cmd": "serve", "cpus": 2, "mem": 4096, "constraints": [["rack", "IS", "a"]]}
        """);
    caller.platform.pass(Duration.ofSeconds(7));
    Golden.check("queue.json", caller.get("/v2/queue?embed=queue.lastUnusedOffers").text());
  }

  @Test
  void theServerTellsWhatItIs() throws IOException {
    Golden.check("info.json", caller.get("/v2/info").text());
    assertThat(caller.get("/v2/leader").text()).isEqualTo("{\"leader\":\"paas.example.org:8080\"}");
  }
}
