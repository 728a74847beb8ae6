package dev.slipway.server.marathon.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is refused of containers, networks, checks, secrets and conduct, and in which words. What
/// is refused of plainer fields is told by `AppValidationTest`.
class AppProblemsTest {
  /// Quotes of both kinds are written as single ones, so that the tables can be read.
  private static void assertRefused(String more, String path, String message) {
    String json = ("{'id':'/team/a','cmd':'run'," + more + "}").replace('\'', '"');
    assertThat(Described.problems(json))
        .anySatisfy(
            problem -> {
              assertThat(problem.path()).isEqualTo(path);
              assertThat(problem.message().replace('"', '\'')).isEqualTo(message);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'container':{'type':'LXC'} | /container/type | must be one of MESOS, DOCKER
          'container':{} | /container/docker | not defined
          'container':{'docker':{}} | /container/docker/image | error.path.missing
          'container':{'docker':{'image':''}} | /container/docker/image | must not be empty
          'container':{'docker':{'image':'a b'}} | /container/docker/image | must not contain blanks
          'container':{'docker':{'image':'x','pullConfig':{'secret':'s'}}} | /container/docker/pullConfig | pullConfig is not supported with Docker containerizer
          'container':{'type':'MESOS','docker':{'image':'x','pullConfig':{'secret':'s'}}} | /container/docker/pullConfig | pullConfig.secret must refer to an existing secret
          'container':{'docker':{'image':'x','parameters':[{'key':'a'}]}} | /container/docker/parameters(0)/value | error.path.missing
          'container':{'docker':{'image':'x','parameters':[{'key':'','value':''}]}} | /container/docker/parameters(0)/key | must not be empty
          'container':{'docker':{'image':'x'}},'gpus':1 | / | GPU resources only work with the Mesos containerizer
          'container':{'type':'MESOS','portMappings':[{'name':'a'},{'name':'a'}]} | /container/portMappings | Port names must be unique.
          'container':{'type':'MESOS','portMappings':[{'containerPort':65536}]} | /container/portMappings(0)/containerPort | must be a port number between 0 and 65535
          'container':{'type':'MESOS','portMappings':[{'protocol':'sctp'}]} | /container/portMappings(0)/protocol | must be one of tcp, udp and 'udp,tcp'
          """)
  void aWrongContainerIsTold(String given, String path, String message) {
    assertRefused(given, path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'hostPath':'/a'} | /containerPath | error.path.missing
          {'containerPath':'','hostPath':'/a'} | /containerPath | must not be empty
          {'containerPath':'/a/../b','hostPath':'/a'} | /containerPath | must not contain '..'
          {'containerPath':'/a'} | /hostPath | error.path.missing
          {'containerPath':'/a','hostPath':'../b'} | /hostPath | must stay in the sandbox where it is relative
          {'containerPath':'/a','hostPath':'/b','mode':'WO'} | /mode | must be one of RO, RW
          {'containerPath':'a/b','persistent':{'size':1}} | /containerPath | value must not contain '/'
          {'containerPath':'.','persistent':{'size':1}} | /containerPath | must not be '.'
          {'containerPath':'a','mode':'RO','persistent':{'size':1}} | /mode | must be RW for a persistent volume
          {'containerPath':'a','persistent':{}} | /persistent/size | error.path.missing
          {'containerPath':'a','persistent':{'size':0}} | /persistent/size | got 0, expected more than 0
          {'containerPath':'a','persistent':{'size':1.5}} | /persistent/size | error.expected.long
          {'containerPath':'a','persistent':{'size':1,'type':'tape'}} | /persistent/type | must be one of root, path, mount
          {'containerPath':'a','persistent':{'size':1,'maxSize':2}} | /persistent | Only mount volumes can have maxSize
          {'containerPath':'a','persistent':{'size':2,'type':'mount','maxSize':2}} | /persistent | Max size must be larger than size
          {'containerPath':'a','persistent':{'size':2,'constraints':[['path','LIKE','x']]}} | /persistent | Constraints on root volumes are not supported
          {'containerPath':'a','persistent':{'size':2,'type':'path','constraints':[['path','IS','x']]}} | /persistent/constraints(0) | Operator must be one of LIKE, UNLIKE
          {'containerPath':'a','persistent':{'size':2,'type':'path','constraints':[['disk','LIKE','x']]}} | /persistent/constraints(0) | Unsupported constraint disk,LIKE,x
          {'containerPath':'a','persistent':{'size':2,'type':'path','constraints':[['path','LIKE','[']]}} | /persistent/constraints(0) | Invalid regular expression
          {'containerPath':'/a','external':{'provider':'dvdi'}} | /external/name | error.path.missing
          {'containerPath':'/a','external':{'name':'v'}} | /external/provider | error.path.missing
          {'containerPath':'/a','external':{'name':'v','provider':'dvdi','size':-1}} | /external/size | must be between 0 and 1048576
          {'containerPath':'a','secret':'no'} |  | volume.secret must refer to an existing secret
          {'containerPath':'/a','secret':'pw'} | /containerPath | must be relative for the file of a secret
          """)
  void aWrongVolumeIsTold(String volume, String path, String message) {
    String where = "/container/volumes(0)" + (path == null ? "" : path);
    assertRefused(
        "'secrets':{'pw':{'source':'s'}},'container':{'type':'MESOS','volumes':[" + volume + "]}",
        where,
        message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          [{'mode':'lan'}] | /networks(0)/mode | must be one of host, container, container/bridge
          [{'mode':'host','name':'a'}] | /networks | Host networks may not have names or labels
          [{'mode':'host','labels':{'a':'b'}}] | /networks | Host networks may not have names or labels
          [{'mode':'container/bridge','name':'a'}] | /networks | Bridge networks may not have names
          [{'mode':'container'}] | /networks | Network name must be specified when container network is selected.
          [{'name':'a'},{'name':'a'}] | /networks | Duplicate networks are not allowed
          [{'mode':'host'},{'mode':'host'}] | /networks | May specify a single host network, single bridge network, or else 1-to-n container networks
          [{'mode':'host'},{'name':'a'}] | /networks | May specify a single host network, single bridge network, or else 1-to-n container networks
          [{'mode':'container/bridge'},{'mode':'host'}] | /networks | May specify a single host network, single bridge network, or else 1-to-n container networks
          """)
  void wrongNetworksAreTold(String networks, String path, String message) {
    assertRefused("'networks':" + networks, path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'type':'DOCKER','docker':{'image':'x'} | / | may only specify a single container network when using the Docker container engine
          'type':'MESOS','portMappings':[{'hostPort':0}] | /container/portMappings(0) | networkNames must be a single item list when hostPort is specified and more than 1 container network is defined
          'type':'MESOS','portMappings':[{'networkNames':['c']}] | /container/portMappings(0)/networkNames(0) | is not one of (a,b)
          """)
  void portsOfSeveralNetworksNameTheirs(String container, String path, String message) {
    assertRefused(
        "'networks':[{'name':'a'},{'name':'b'}],'container':{" + container + "}", path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'healthChecks':[{'portIndex':1}] | /healthChecks(0) | Health check port indices must address an element of the ports array or container port mappings.
          'healthChecks':[{}],'portDefinitions':[] | /healthChecks(0) | Health check port indices must address an element of the ports array or container port mappings.
          'healthChecks':[{'protocol':'MESOS_TCP'},{'protocol':'MESOS_HTTP'}] | / | AppDefinition can contain at most one Mesos health check
          'healthChecks':[{'ipProtocol':'IPv6'}] | /healthChecks(0) | IPv6 can only be used for container type DOCKER and Mesos http/https/tcp health checks
          'healthChecks':[{'protocol':'MESOS_TCP','ipProtocol':'IPv6'}] | /healthChecks(0) | IPv6 can only be used for container type DOCKER and Mesos http/https/tcp health checks
          'healthChecks':[{'protocol':'MESOS_TCP','delaySeconds':-1}] | /healthChecks(0)/delaySeconds | got -1.0, expected 0.0 or more
          'check':{} | /check | Must specify a single type of check, http, tcp, or exec
          'check':{'http':{},'tcp':{}} | /check | Must specify a single type of check, http, tcp, or exec
          'check':{'http':{'portIndex':1}} | /check | port indices must address an element of the ports array or container port mappings.
          'check':{'http':{'scheme':'FTP'}} | /check/http/scheme | must be one of HTTP, HTTPS
          'check':{'exec':{}} | /check/exec/command | needs a shell line as command.shell, or words as command.argv
          'check':{'tcp':{}},'container':{'docker':{'image':'x'}} | /check | is not available with containers of type DOCKER; use type MESOS
          'readinessChecks':[{'portName':'p'},{'portName':'p'}] | /readinessChecks | got 2, expected 1 or less
          'readinessChecks':[{}] | /readinessChecks(0)/portName | No port definition reference for portName http-api
          'readinessChecks':[{'portName':'default','intervalSeconds':5,'timeoutSeconds':5}] | /readinessChecks(0)/timeoutSeconds | got 5, expected less than 5
          'readinessChecks':[{'protocol':'TCP'}] | /readinessChecks(0)/protocol | must be one of HTTP, HTTPS
          'readinessChecks':[{'path':'x'}] | /readinessChecks(0)/path | must begin with '/' and have no blanks and no characters beyond ASCII
          'readinessChecks':[{'portName':'default','path':'/100%'}] | /readinessChecks(0)/path | is not the path of a URL; '%' stands before two hexadecimal digits
          'readinessChecks':[{'portName':'default','intervalSeconds':100000}] | /readinessChecks(0)/intervalSeconds | got 100000.0, expected 86400.0 or less
          'check':{'http':{'path':'/a^b'}} | /check/http/path | is not the path of a URL; '%' stands before two hexadecimal digits
          'check':{'tcp':{},'timeoutSeconds':86401} | /check/timeoutSeconds | got 86401.0, expected 86400.0 or less
          'readinessChecks':[{'httpStatusCodesForReady':[99]}] | /readinessChecks(0)/httpStatusCodesForReady | each must be between 100 and 999
          """)
  void aWrongCheckIsTold(String given, String path, String message) {
    assertRefused(given, path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'env':{'A':{'secret':'no'}} | /env/A/secret | references an undefined secret
          'env':{'A':{}} | /env/A/secret | error.path.missing
          'env':{'A':1} | /env/A | error.expected.jsstring
          'secrets':{'a':{}} | /secrets/a/source | error.path.missing
          'secrets':{'a':{'source':''}} | /secrets/a/source | must not be empty
          'secrets':{'a':'b'} | /secrets/a | error.expected.jsobject
          'secrets':{'':{'source':'b'}} | /secrets | must not be empty
          """)
  void aSecretThatIsNotDescribedIsTold(String given, String path, String message) {
    assertRefused(given, path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'unreachableStrategy':'never' | /unreachableStrategy | must be 'disabled' or an object
          'unreachableStrategy':1 | /unreachableStrategy | error.expected.jsobject
          'unreachableStrategy':{'inactiveAfterSeconds':-1} | /unreachableStrategy/inactiveAfterSeconds | got -1.0, expected 0.0 or more
          'unreachableStrategy':{'inactiveAfterSeconds':9,'expungeAfterSeconds':5} | /unreachableStrategy | inactiveAfterSeconds (9) must be less or equal to expungeAfterSeconds, which is 5
          'resourceLimits':{'cpus':0.5} | /resourceLimits/cpus | must be at least what 'cpus' requests
          'resourceLimits':{'mem':'lots'} | /resourceLimits/mem | must be a number or 'unlimited'
          'role':'other' | /role | got other, expected one of: [*, team]
          'acceptedResourceRoles':[] | /acceptedResourceRoles | must not be empty
          'acceptedResourceRoles':['public'] | /acceptedResourceRoles | acceptedResourceRoles can only contain *
          'acceptedResourceRoles':['*','other'],'role':'team' | /acceptedResourceRoles | acceptedResourceRoles can only contain * and team
          'executor':'/bin/executor' | /executor | 'executor' is not available; leave it out: tasks need no executor
          'executorResources':{'cpus':-1} | /executorResources/cpus | got -1.0, expected 0.0 or more
          'container':{'type':'MESOS','appc':{'image':'x'}} | /container/appc | 'appc' is not available; use 'docker' with an image of a registry
          'deployment':{'onFailure':'rollback'} | /deployment/onFailure | needs 'progressDeadlineSeconds': without a deadline no deployment fails
          'deployment':{'onFailure':'panic'} | /deployment/onFailure | must be one of rollback, pause, none
          'deployment':{'progressDeadlineSeconds':0} | /deployment/progressDeadlineSeconds | got 0.0, expected 0.001 or more
          'restartPolicy':'sometimes' | /restartPolicy | must be one of always, onFailure, never
          'backoffJitter':2 | /backoffJitter | got 2.0, expected 1.0 or less
          'backoffMinimumUptimeSeconds':-1 | /backoffMinimumUptimeSeconds | got -1.0, expected 0.0 or more
          'preferences':[{}] | /preferences(0)/constraint | error.path.missing
          'preferences':[{'constraint':['a','UNIQUE'],'weight':0}] | /preferences(0)/weight | got 0, expected 1 or more
          'preferences':[{'constraint':['a']}] | /preferences(0)/constraint | Each constraint must have either 2 or 3 fields
          'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'},'instances':2 | / | Single instance app may only have one instance
          'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'},'upgradeStrategy':{'maximumOverCapacity':1} | /upgradeStrategy/maximumOverCapacity | got 1.0, expected 0.0
          'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'},'upgradeStrategy':{'minimumHealthCapacity':0.5} | /upgradeStrategy/minimumHealthCapacity | got 0.5, expected 0.0
          """)
  void wrongConductIsTold(String given, String path, String message) {
    assertRefused(given, path, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'scheduling':[] | /scheduling | error.expected.jsobject
          'scheduling':{'prio':1} | /scheduling/prio | is not known; there are affinity, antiAffinity, daemon, gang, priority, spread, tolerateDisruption
          'scheduling':{'priority':1001} | /scheduling/priority | got 1001, expected 1000 or less
          'scheduling':{'priority':-1001} | /scheduling/priority | got -1001, expected -1000 or more
          'scheduling':{'priority':'high'} | /scheduling/priority | error.expected.jsnumber
          'scheduling':{'daemon':1} | /scheduling/daemon | error.expected.jsboolean
          'scheduling':{'daemon':true,'gang':true} | /scheduling/gang | a daemon runs once on each node that can take it, and waits for none
          'scheduling':{'spread':{}} | /scheduling/spread | error.expected.jsarray
          'scheduling':{'spread':[{}]} | /scheduling/spread(0)/attribute | error.path.missing
          'scheduling':{'spread':[{'attribute':''}]} | /scheduling/spread(0)/attribute | must not be empty
          'scheduling':{'spread':[{'attribute':'a','maxSkew':0}]} | /scheduling/spread(0)/maxSkew | got 0, expected 1 or more
          'scheduling':{'spread':[{'attribute':'a','maxSkew':1001}]} | /scheduling/spread(0)/maxSkew | got 1001, expected 1000 or less
          'scheduling':{'spread':[{'attribute':'a','app':'b'}]} | /scheduling/spread(0)/app | is not known; there are attribute, maxSkew, weight
          'scheduling':{'affinity':[{}]} | /scheduling/affinity(0)/app | error.path.missing
          'scheduling':{'affinity':[{'app':'/'}]} | /scheduling/affinity(0)/app | an app needs a path below the root group
          'scheduling':{'affinity':[{'app':'A'}]} | /scheduling/affinity(0)/app | 'A' is not a valid path segment: use lower-case letters, digits, '-' and '.', and do not begin or end with '-' or '.'
          'scheduling':{'antiAffinity':[{'app':'b','weight':101}]} | /scheduling/antiAffinity(0)/weight | got 101, expected 100 or less
          'scheduling':{'antiAffinity':[{'app':'b','maxSkew':1}]} | /scheduling/antiAffinity(0)/maxSkew | is not known; there are app, attribute, weight
          'scheduling':{'daemon':true},'instances':2 | /instances | a daemon runs once on each node that can take it; leave 'instances' out, or say 0 for none anywhere and 1, or the number that is shown, for one on each
          'scheduling':{'daemon':true},'labels':{'MARATHON_SINGLE_INSTANCE_APP':'true'} | /scheduling/daemon | Single instance app may not run once on each node
          """)
  void wrongSchedulingIsTold(String given, String path, String message) {
    assertRefused(given, path, message);
  }

  @Test
  void thereAreOnlySoManyRulesOfAKind() {
    String rules = "{'app':'b'},".repeat(20) + "{'app':'b'}";
    assertRefused(
        "'scheduling':{'affinity':[" + rules + "]}",
        "/scheduling/affinity",
        "must have at most 20 elements, and has 21");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'upgradeStrategy':{'maximumOverCapacity':0.5} | /upgradeStrategy/maximumOverCapacity | got 0.5, expected 0.0
          'unreachableStrategy':{} | / | unreachableStrategy must be disabled for resident tasks
          """)
  void appsWithPersistentVolumesStayWhereTheyAre(String given, String path, String message) {
    assertRefused(
        "'container':{'type':'MESOS','volumes':[{'containerPath':'a','persistent':{'size':1}}]},"
            + given,
        path,
        message);
  }

  @Test
  void nothingToRunIsTold() {
    for (String json :
        new String[] {
          "{\"id\":\"/a\"}",
          "{\"id\":\"/a\",\"container\":{\"type\":\"MESOS\"}}",
          "{\"id\":\"/a\",\"cmd\":\"a\",\"args\":[\"b\"],\"container\":{\"docker\":{\"image\":\"x\"}}}"
        }) {
      assertThat(Described.problems(json))
          .as(json)
          .anySatisfy(
              problem ->
                  assertThat(problem.message())
                      .isEqualTo(
                          "AppDefinition must either contain one of 'cmd' or 'args', and/or a"
                              + " 'container'."));
    }
  }

  @Test
  void anImageIsEnoughToRun() {
    assertThat(
            Described.written(
                    Described.app("{\"id\":\"/a\",\"container\":{\"docker\":{\"image\":\"x\"}}}"))
                .propertyNames())
        .doesNotContain("cmd", "args");
  }
}
