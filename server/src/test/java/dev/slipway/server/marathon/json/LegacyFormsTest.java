package dev.slipway.server.marathon.json;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What clients of Marathon before 1.5 say, and what becomes of it in today's form.
class LegacyFormsTest {
  private static final String MAPPED =
      "'type':'DOCKER','docker':{'forcePullImage':false,'image':'x','parameters':[],"
          + "'privileged':false},'volumes':[]";

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }

  private static JsonNode written(String more) {
    return Described.written(Described.app(quoted("{'id':'/a','cmd':'run'," + more + "}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'uris':['http://x/a.tar.gz?b'] | [{'uri':'http://x/a.tar.gz?b','extract':true,'executable':false,'cache':false}]
          'uris':['http://x/a.jar'] | [{'uri':'http://x/a.jar','extract':false,'executable':false,'cache':false}]
          'uris':['file:///root/.dockercfg'] | [{'uri':'file:///root/.dockercfg','extract':false,'executable':false,'cache':false}]
          'uris':['/x.zip'],'fetch':[] | [{'uri':'/x.zip','extract':true,'executable':false,'cache':false}]
          'uris':[],'fetch':[{'uri':'/x'}] | [{'uri':'/x','extract':true,'executable':false,'cache':false}]
          """)
  void addressesBecomeArtifacts(String given, String fetch) {
    assertThat(written(given).get("fetch")).isEqualTo(Described.tree(quoted(fetch)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'ports':[0] | [{'port':0,'protocol':'tcp','labels':{}}]
          'ports':[] | []
          'ports':[80,0] | [{'port':80,'protocol':'tcp','labels':{}},{'port':0,'protocol':'tcp','labels':{}}]
          'ports':[80],'portDefinitions':[{'port':80,'name':'http'}] | [{'port':80,'name':'http','protocol':'tcp','labels':{}}]
          'requirePorts':false | [{'port':0,'name':'default','protocol':'tcp','labels':{}}]
          'container':{'docker':{'image':'x','network':'HOST'}},'ports':[7] | [{'port':7,'protocol':'tcp','labels':{}}]
          'container':{'docker':{'image':'x'},'portMappings':[{'containerPort':1}]} | [{'port':0,'name':'default','protocol':'tcp','labels':{}}]
          """)
  void portsBecomeDefinitionsOnTheHost(String given, String definitions) {
    JsonNode app = written(given);
    assertThat(app.get("portDefinitions")).isEqualTo(Described.tree(quoted(definitions)));
    assertThat(app.get("networks")).isEqualTo(Described.tree(quoted("[{'mode':'host'}]")));
    assertThat(app.at("/container").has("portMappings")).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'container':{'docker':{'image':'x','network':'BRIDGE'}} | [{'mode':'container/bridge'}] | [{'containerPort':0,'hostPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]
          'container':{'docker':{'image':'x','network':'BRIDGE','portMappings':[{'containerPort':80}]}} | [{'mode':'container/bridge'}] | [{'containerPort':80,'hostPort':0,'labels':{},'protocol':'tcp','servicePort':0}]
          'container':{'docker':{'image':'x','network':'BRIDGE','portMappings':[]}} | [{'mode':'container/bridge'}] | []
          'container':{'docker':{'image':'x','network':'BRIDGE','portMappings':[]},'portMappings':[{'hostPort':9}]} | [{'mode':'container/bridge'}] | [{'containerPort':0,'hostPort':9,'labels':{},'protocol':'tcp','servicePort':0}]
          'container':{'docker':{'image':'x','network':'BRIDGE'}},'ipAddress':{'labels':{'a':'b'}} | [{'mode':'container/bridge','labels':{'a':'b'}}] | [{'containerPort':0,'hostPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]
          'container':{'docker':{'image':'x','network':'USER','portMappings':[{'containerPort':80,'servicePort':10200}]}},'ipAddress':{'networkName':'dev'} | [{'mode':'container','name':'dev'}] | [{'containerPort':80,'labels':{},'protocol':'tcp','servicePort':10200}]
          'networks':[{'mode':'container/bridge'}],'container':{'docker':{'image':'x'}} | [{'mode':'container/bridge'}] | [{'containerPort':0,'hostPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]
          'networks':[{'mode':'container','name':'dev'}],'container':{'docker':{'image':'x'}} | [{'mode':'container','name':'dev'}] | [{'containerPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]
          'networks':[{'name':'dev'}],'container':{'docker':{'image':'x'},'portMappings':[]} | [{'mode':'container','name':'dev'}] | []
          'networks':[{'mode':'container/bridge'}],'container':{'docker':{'image':'x'}},'portDefinitions':[{'port':1},{'port':2}] | [{'mode':'container/bridge'}] | [{'containerPort':0,'hostPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0},{'containerPort':0,'hostPort':0,'labels':{},'protocol':'tcp','servicePort':0}]
          """)
  void dockersNetworksBecomeNetworks(String given, String networks, String mappings) {
    JsonNode app = written(given);
    assertThat(app.get("networks")).isEqualTo(Described.tree(quoted(networks)));
    assertThat(app.get("container"))
        .isEqualTo(Described.tree(quoted("{" + MAPPED + ",'portMappings':" + mappings + "}")));
    assertThat(app.has("portDefinitions")).isFalse();
    assertThat(app.get("requirePorts").booleanValue()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'ipAddress':{'networkName':'dev','groups':['g'],'labels':{'a':'b'}} | [{'mode':'container','name':'dev','labels':{'a':'b'}}] | [{'containerPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]
          'ipAddress':{'networkName':'mesos-bridge'} | [{'mode':'container/bridge'}] | [{'containerPort':0,'hostPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]
          'ipAddress':{'networkName':'dev','discovery':{'ports':[{'number':80,'name':'http','protocol':'tcp'}]}} | [{'mode':'container','name':'dev'}] | [{'containerPort':80,'labels':{},'name':'http','protocol':'tcp','servicePort':0}]
          'networks':[{'mode':'container/bridge'}] | [{'mode':'container/bridge'}] | [{'containerPort':0,'hostPort':0,'labels':{},'name':'default','protocol':'tcp','servicePort':0}]
          """)
  void anAddressOfItsOwnNeedsAContainer(String given, String networks, String mappings) {
    JsonNode app = written(given);
    assertThat(app.get("networks")).isEqualTo(Described.tree(quoted(networks)));
    assertThat(app.get("container"))
        .isEqualTo(
            Described.tree(
                quoted("{'type':'MESOS','volumes':[],'portMappings':" + mappings + "}")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          'container':{'docker':{'image':'x','network':'BRIDGE'}},'networks':[{'mode':'host'}] | / | must not specify both container.docker.network and networks
          'ipAddress':{},'networks':[{'mode':'host'}] | / | must not specify both networks and ipAddress
          'ipAddress':{'networkName':'a'},'ports':[1] | / | cannot specify both an IP address and port
          'ipAddress':{'networkName':'a'},'portDefinitions':[{}] | / | cannot specify both an IP address and port
          'ipAddress':{} | /networks | Network name must be specified when container network is selected.
          'container':{'docker':{'image':'x','network':'USER'}} | /networks | Network name must be specified when container network is selected.
          'container':{'docker':{'image':'x','network':'NONE'}} | /container/docker/network | unsupported docker network type NONE
          'container':{'docker':{'image':'x','network':'LAN'}} | /container/docker/network | must be one of BRIDGE, HOST, NONE, USER
          'container':{'docker':{'image':'x','portMappings':[{}]},'portMappings':[]} | /container | cannot specify both portMappings and docker.portMappings
          'container':{'type':'MESOS','docker':{'image':'x','network':'BRIDGE'}} | /container/docker/network | must be empty
          'container':{'type':'MESOS','docker':{'image':'x','parameters':[{'key':'a','value':'b'}]}} | /container/docker/parameters | must be empty
          'container':{'type':'MESOS','docker':{'image':'x','portMappings':[{}]}} | /container/docker/portMappings | must be empty
          'container':{'docker':{'image':'x'}},'ipAddress':{'networkName':'a','discovery':{'ports':[]}} | /ipAddress | ipAddress/discovery is not allowed for Docker containers
          'container':{'type':'MESOS','portMappings':[{}]},'ipAddress':{'networkName':'a','discovery':{'ports':[{'number':1}]}} | / | container.portMappings and ipAddress.discovery.ports must not both be set
          'ports':[1,1] | / | ports must be unique
          'ports':[1],'portDefinitions':[{'port':2}] | / | cannot specify both ports and port definitions
          'uris':['/a'],'fetch':[{'uri':'/b'}] | /uris | may not be set in conjunction with fetch
          'storeUrls':['http://x'] | /storeUrls | 'storeUrls' is not available; use 'fetch'
          """)
  void oldAndNewFormsDoNotMix(String given, String path, String message) {
    var problems = Described.problems(quoted("{'id':'/a','cmd':'run'," + given + "}"));
    assertThat(problems)
        .anySatisfy(
            problem -> {
              assertThat(problem.path()).isEqualTo(path);
              assertThat(problem.message()).isEqualTo(message);
            });
  }

  @Test
  void whatIsOldIsNeverWritten() {
    JsonNode app =
        written(
            "'uris':['/a'],'storeUrls':[],'residency':null,'ipAddress':{'networkName':'dev'},"
                + "'container':{'docker':{'image':'x','network':'USER','portMappings':[{}]}}");
    for (String old : new String[] {"uris", "storeUrls", "residency", "ipAddress", "ports"}) {
      assertThat(app.has(old)).as(old).isFalse();
    }
    assertThat(app.at("/container/docker").propertyNames())
        .containsExactlyInAnyOrder("forcePullImage", "image", "parameters", "privileged");
  }

  @Test
  void credentialsOfDockerAreKept() {
    JsonNode app =
        written(
            "'container':{'docker':{'image':'x','credential':{'principal':'me','secret':'s'}}}");
    assertThat(app.at("/container/docker/credential"))
        .isEqualTo(Described.tree(quoted("{'principal':'me','secret':'s'}")));
  }

  @Test
  void anAppOfMarathonPythonsOwnTestsIsTaken() {
    ObjectNode app =
        (ObjectNode)
            Described.tree(
                """
                {"id": "/test-app", "cmd": "/bin/true", "instances": 1, "mem": 16, "cpus": 0.1,
                 "backoffFactor": 2,
                 "container": {"type": "DOCKER", "volumes": [
                     {"containerPath": "/etc/a", "hostPath": "/var/data/a", "mode": "RO"}],
                   "docker": {"image": "xxx", "network": "BRIDGE", "privileged": false,
                     "forcePullImage": false,
                     "portMappings": [{"protocol": "tcp", "name": "myport", "containerPort": 8888,
                                       "hostPort": 0}],
                     "parameters": [{"key": "add-host", "value": "google-public-dns-a:8.8.8.8"}]}},
                 "uris": ["file:///root/.dockercfg"],
                 "healthChecks": [{"protocol": "HTTP", "path": "/health", "portIndex": 0,
                   "gracePeriodSeconds": 3, "intervalSeconds": 10, "timeoutSeconds": 10,
                   "maxConsecutiveFailures": 3}]}
                """);
    JsonNode written = Described.written(Described.app(app.toString()));
    assertThat(written.at("/container/portMappings/0/containerPort").asInt()).isEqualTo(8888);
    assertThat(written.at("/container/volumes/0/mode").asString()).isEqualTo("RO");
    assertThat(written.at("/networks/0/mode").asString()).isEqualTo("container/bridge");
  }
}
