package dev.slipway.server.marathon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused, with which status, at which path and in which words.
class AppValidationTest {
  private final Caller caller = Caller.withNodes();

  private static String app(String more) {
    return "{\"id\": \"/a\", \"cmd\": \"run\", " + more + "}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"id": "Big", "cmd": "run"} | /id | 'Big' is not a valid path segment
          {"id": "/", "cmd": "run"} | /id | below the root group
          {"id": "/a/restart", "cmd": "run"} | /id | reserved keywords
          {"id": "/a/tasks", "cmd": "run"} | /id | reserved keywords
          {"id": "/a/versions", "cmd": "run"} | /id | reserved keywords
          {"id": "../a", "cmd": "run"} | /id | leaves the root group
          {"id": "/a"} | / | must either contain one of 'cmd' or 'args'
          {"id": "/a", "cmd": "run", "args": ["run"]} | / | must either contain one of 'cmd' or 'args'
          {"id": "/a", "cmd": " "} | /cmd | must not be an empty string
          {"id": "/a", "cmd": "a\\u0000b"} | /cmd | NUL
          {"id": "/a", "args": [""]} | /args(0) | must not be an empty string
          """)
  void aWrongIdOrCommandIsTold(String body, String path, String message) {
    assertRefused(body, path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "cpus": 0 | /cpus | got 0.0, expected 0.001 or more
          "cpus": -1 | /cpus | expected 0.001 or more
          "cpus": 1e9 | /cpus | expected 100000.0 or less
          "mem": -0.5 | /mem | expected 0.0 or more
          "mem": 1e300 | /mem | or less
          "disk": 1e300 | /disk | or less
          "gpus": -1 | /gpus | expected 0 or more
          "gpus": 10001 | /gpus | got 10001, expected 10000 or less
          "gpus": 1.5 | /gpus | must be a whole number, or a share of one device
          "gpus": -0.5 | /gpus | must be a whole number, or a share of one device
          "gpus": 0.1234 | /gpus | must be a whole number, or a share of one device
          "instances": -1 | /instances | expected 0 or more
          "instances": 100001 | /instances | must be at most 100000
          "backoffSeconds": -1 | /backoffSeconds | expected 0.0 or more
          "backoffFactor": 0.5 | /backoffFactor | expected 1.0 or more
          "maxLaunchDelaySeconds": 1e12 | /maxLaunchDelaySeconds | or less
          "taskKillGracePeriodSeconds": -1 | /taskKillGracePeriodSeconds | expected 0.0 or more
          "killSelection": "RANDOM" | /killSelection | must be one of YOUNGEST_FIRST, OLDEST_FIRST
          "user": "root:x" | /user | is not the name of an account
          "env": {"": "x"} | /env | must not be empty
          "env": {"A=B": "x"} | /env | contain '='
          "env": {"A": "x\\u0000"} | /env/A | NUL
          "env": {"A": {"secret": "x"}} | /env/A/secret | references an undefined secret
          "upgradeStrategy": {"minimumHealthCapacity": 1.1} | /upgradeStrategy/minimumHealthCapacity | is greater than 1
          "upgradeStrategy": {"maximumOverCapacity": -0.1} | /upgradeStrategy/maximumOverCapacity | is less than 0
          "dependencies": ["A"] | /dependencies(0) | is not a valid path segment
          "fetch": [{"uri": ""}] | /fetch(0)/uri | 1 to 1024 characters
          "fetch": [{"uri": "hdfs://x/y"}] | /fetch(0)/uri | the scheme must be one of
          "fetch": [{"uri": "http://x/a b"}] | /fetch(0)/uri | URI has invalid syntax.
          "fetch": [{"uri": "/x", "destPath": "../y"}] | /fetch(0)/destPath | stays in the sandbox
          "fetch": [{"uri": "/x", "destPath": "/etc/passwd"}] | /fetch(0)/destPath | stays in the sandbox
          "fetch": [{"uri": "/x", "checksum": "AB"}] | /fetch(0)/checksum | 64 lower-case
          "uris": ["ftp://x"] | /uris(0) | the scheme must be one of
          "uris": ["/x"], "fetch": [{"uri": "/x"}] | /uris | may not be set in conjunction with fetch
          "ports": [65536] | /ports(0) | between 0 and 65535
          "ports": [80, 80] | / | ports must be unique
          "ports": [80], "portDefinitions": [] | / | cannot specify both ports and port definitions
          "portDefinitions": [{"port": 80}, {"port": 80}] | /portDefinitions | Ports must be unique.
          "portDefinitions": [{"protocol": "sctp"}] | /portDefinitions(0)/protocol | must be one of tcp
          "portDefinitions": [{"name": "a b"}] | /portDefinitions(0)/name | must have 1 to 63
          "portDefinitions": [{"name": "a"}, {"name": "a"}] | /portDefinitions | Port names must be unique.
          "labels": {"MARATHON_SINGLE_INSTANCE_APP": "true"}, "instances": 2 | / | Single instance app may only have one instance
          """)
  void aValueOutOfBoundsIsTold(String field, String path, String message) {
    assertRefused(app(field), path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ["hostname"] | Each constraint must have either 2 or 3 fields
          ["a", "LIKE", "b", "c"] | Each constraint must have either 2 or 3 fields
          ["a", "NEAR", "b"] | operator must be one of the following UNIQUE, CLUSTER, GROUP_BY, LIKE, MAX_PER, UNLIKE or IS
          ["a", "UNIQUE", "b"] | UNIQUE does not accept a value
          ["a", "GROUP_BY", "b"] | GROUP BY must define an integer value or else no value at all
          ["a", "MAX_PER"] | MAX_PER requires an integer value
          ["a", "LIKE", "["] | LIKE and UNLIKE require a non-empty, regular expression value
          ["a", "UNLIKE"] | LIKE and UNLIKE require a non-empty, regular expression value
          ["a", "IS", "b c"] | IS requires a value
          """)
  void aWrongConstraintIsToldInMarathonsWords(String constraint, String message) {
    assertRefused(app("\"constraints\": [" + constraint + "]"), "/constraints(0)", message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"protocol": "GOPHER"} | /healthChecks(0)/protocol | must be one of HTTP
          {"path": "no-slash"} | /healthChecks(0)/path | must begin with '/'
          {"path": "/a\\r\\nHost: b"} | /healthChecks(0)/path | no blanks
          {"path": "/a^b"} | /healthChecks(0)/path | is not the path of a URL
          {"path": "/a?x={1}"} | /healthChecks(0)/path | is not the path of a URL
          {"path": "/100%"} | /healthChecks(0)/path | is not the path of a URL
          {"protocol": "MESOS_HTTP", "path": "/a[1]"} | /healthChecks(0)/path | is not the path of a URL
          {"intervalSeconds": 86401} | /healthChecks(0)/intervalSeconds | expected 86400.0 or less
          {"timeoutSeconds": 2147484} | /healthChecks(0)/timeoutSeconds | expected 86400.0 or less
          {"portIndex": 1} | /healthChecks(0) | must address an element of the ports array
          {"protocol": "TCP", "port": 0} | /healthChecks(0)/port | expected 1 or more
          {"protocol": "COMMAND"} | /healthChecks(0)/command | needs a shell line
          {"intervalSeconds": 0} | /healthChecks(0)/intervalSeconds | or more
          {"timeoutSeconds": -1} | /healthChecks(0)/timeoutSeconds | or more
          {"maxConsecutiveFailures": -1} | /healthChecks(0)/maxConsecutiveFailures | expected 0 or more
          {"ipProtocol": "IPv6"} | /healthChecks(0) | IPv6 can only be used for container type DOCKER
          """)
  void aWrongHealthCheckIsTold(String check, String path, String message) {
    assertRefused(app("\"healthChecks\": [" + check + "]"), path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "container": {"docker": {"image": "x"}}
          "container": {"docker": {"image": "x"}}, "networks": [{"mode": "container/bridge"}]
          "networks": [{"mode": "container", "name": "overlay"}]
          "ipAddress": {"networkName": "overlay"}
          "container": {"type": "MESOS", "volumes": [{"containerPath": "a", "persistent": {"size": 1}}]}
          "container": {"type": "MESOS", "volumes": [{"containerPath": "/a", "hostPath": "/b"}]}
          "container": {"type": "MESOS", "volumes": [{"containerPath": "/a", "external": {"name": "v", "provider": "dvdi"}}]}
          "residency": {}
          "readinessChecks": [{"portName": "default"}]
          "check": {"http": {}}
          "executor": "//cmd"
          "tty": true
          "resourceLimits": {"mem": 256, "cpus": "unlimited"}
          "unreachableStrategy": {"inactiveAfterSeconds": 5, "expungeAfterSeconds": 9}
          "gpus": 1
          "gpus": 0.125
          """)
  void whatNoNodeCanDoTodayIsTakenAndWaits(String field) {
    assertThat(caller.post("/v2/apps", app(field)).status()).isEqualTo(201);
  }

  @Test
  void fieldsThatAskForNothingAreTaken() {
    var created =
        caller.post(
            "/v2/apps",
            app(
                """
                "container": null, "networks": [{"mode": "host"}], "secrets": {}, "executor": "",
                "readinessChecks": [], "tty": false, "acceptedResourceRoles": ["*"], "role": "*",
                "storeUrls": [], "ipAddress": null, "somethingNew": 1,
                "unreachableStrategy": {"inactiveAfterSeconds": 0, "expungeAfterSeconds": 0}
                """));
    assertThat(created.status()).isEqualTo(201);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          [] | / | error.expected.jsobject
          {} | /id | error.path.missing
          {"id": 1} | /id | error.expected.jsstring
          {"id": "a", "cmd": ["x"]} | /cmd | error.expected.jsstring
          {"id": "a", "cpus": "1"} | /cpus | error.expected.jsnumber
          {"id": "a", "mem": 1e999} | /mem | error.expected.jsnumber
          {"id": "a", "instances": 1.5} | /instances | error.expected.int
          {"id": "a", "instances": 99999999999} | /instances | error.expected.int
          {"id": "a", "requirePorts": "yes"} | /requirePorts | error.expected.jsboolean
          {"id": "a", "env": []} | /env | error.expected.jsobject
          {"id": "a", "env": {"A": 1}} | /env/A | error.expected.jsstring
          {"id": "a", "fetch": {}} | /fetch | error.expected.jsarray
          {"id": "a", "fetch": [{}]} | /fetch(0)/uri | error.path.missing
          {"id": "a", "healthChecks": [1]} | /healthChecks(0) | error.expected.jsobject
          {"id": "a", "constraints": [["a", 1]]} | /constraints(0)(1) | error.expected.jsstring
          {"id": "a", "version": "now"} | /version | error.expected.jodadate.format
          """)
  void aWrongTypeIsInvalidJsonWithItsPath(String body, String path, String error) {
    var answer = caller.post("/v2/apps", body);
    assertThat(answer.status()).isEqualTo(422);
    assertThat(answer.at("/message")).isEqualTo("Invalid JSON");
    assertThat(answer.at("/details/0/path")).isEqualTo(path);
    assertThat(answer.at("/details/0/errors/0")).isEqualTo(error);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      nullValues = "EMPTY",
      textBlock =
          """
          ~~
          ~{~
          ~{"id": "a"} x~
          ~{"id": "a", "id": "b"}~
          ~{"id": "a", "cpus": NaN}~
          ~{"id": 'a'}~
          ~{"id": "a", /* why */ "cmd": "x"}~
          """)
  void whatIsNoJsonIsABadRequest(String body) {
    var answer = caller.post("/v2/apps", body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/message")).isEqualTo("Invalid JSON");
    assertThat(answer.at("/details")).isNotEmpty();
  }

  @Test
  void jsonMayNotBeNestedWithoutEnd() {
    var answer = caller.post("/v2/apps", "[".repeat(65) + "]".repeat(65));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/details")).contains("64");
  }

  @Test
  void thereMayNotBeMoreThanALimitOfAnything() {
    var constraints = "[\"rack\", \"UNIQUE\"],".repeat(100) + "[\"rack\", \"UNIQUE\"]";
    assertRefused(
        app("\"constraints\": [" + constraints + "]"), "/constraints", "at most 100 elements");
    assertRefused(
        app("\"labels\": {\"a\": \"" + "x".repeat(65537) + "\"}"), "/labels/a", "at most 65536");
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    var answer = caller.post("/v2/apps", app("\"cpus\": 0, \"gpus\": -1, \"instances\": -1"));
    assertThat(answer.json().get("details").size()).isEqualTo(3);
  }

  @Test
  void nothingIsChangedByWhatIsRefused() {
    var before = caller.platform.state();
    caller.post("/v2/apps", app("\"cpus\": 0"));
    assertThat(caller.platform.state()).isSameAs(before);
  }

  private void assertRefused(String body, String path, String message) {
    var answer = caller.post("/v2/apps", body);
    assertThat(answer.status()).as(answer.text()).isEqualTo(422);
    assertThat(answer.at("/message")).isEqualTo("Object is not valid");
    assertThat(answer.at("/details/0/path")).isEqualTo(path);
    assertThat(answer.at("/details/0/errors/0")).contains(message);
  }
}
