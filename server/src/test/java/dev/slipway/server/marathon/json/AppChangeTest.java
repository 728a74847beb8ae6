package dev.slipway.server.marathon.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Command;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Rollout;
import dev.slipway.core.app.Scheduling;
import dev.slipway.core.app.UnreachableStrategy;
import dev.slipway.core.app.UpgradeStrategy;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What becomes of an app when parts of it are changed.
class AppChangeTest {
  private static final String RESIDENT =
      """
      {"id": "/team/a", "cmd": "run", "container": {"type": "MESOS", "volumes": [
        {"containerPath": "data", "persistent": {"size": 5}}]}}
      """;

  private static AppSpec app(String more) {
    return Described.app(quoted("{'id':'/team/a','cmd':'run'," + more + "}"));
  }

  private static AppSpec changed(AppSpec app, String json) {
    return Described.changed(app, quoted(json));
  }

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }

  private static String refused(AppSpec app, String json) {
    var problems = Described.problems(quoted(json), Optional.of(app));
    assertThat(problems).hasSize(1);
    return problems.getFirst().message();
  }

  @Test
  void aPartThatIsGivenTakesThePlaceOfAllOfTheOld() {
    AppSpec before =
        app(
            "'env':{'A':'1','B':{'secret':'s'}},'secrets':{'s':{'source':'x'}},"
                + "'upgradeStrategy':{'minimumHealthCapacity':0.3,'maximumOverCapacity':0.4},"
                + "'unreachableStrategy':{'inactiveAfterSeconds':1,'expungeAfterSeconds':2},"
                + "'deployment':{'progressDeadlineSeconds':60,'onFailure':'pause'}");
    AppSpec after =
        changed(
            before,
            "{'env':{'C':'3'},'upgradeStrategy':{'minimumHealthCapacity':0.5},"
                + "'unreachableStrategy':{'expungeAfterSeconds':9},"
                + "'deployment':{'progressDeadlineSeconds':30}}");
    assertThat(after.env()).containsOnlyKeys("C");
    assertThat(after.secrets().environment()).isEmpty();
    assertThat(after.secrets().sources()).containsEntry("s", "x");
    assertThat(after.upgradeStrategy()).isEqualTo(new UpgradeStrategy(0.5, 1));
    assertThat(Described.written(after).at("/unreachableStrategy/inactiveAfterSeconds").asInt())
        .isZero();
    assertThat(after.rollout().onFailure()).isEqualTo(Rollout.OnFailure.NONE);
  }

  @Test
  void aSchedulingIsReplacedAsAWhole() {
    AppSpec before = app("'scheduling':{'priority':5,'affinity':[{'app':'db'}]}");
    assertThat(before.scheduling().affinity())
        .containsExactly(
            new Scheduling.Affinity(PathId.of("/team/db"), "hostname", OptionalInt.empty()));
    assertThat(changed(before, "{'cpus':2}").scheduling()).isEqualTo(before.scheduling());
    AppSpec after = changed(before, "{'scheduling':{'gang':true}}");
    assertThat(after.scheduling())
        .isEqualTo(new Scheduling(List.of(), List.of(), List.of(), 0, false, true));
    assertThat(changed(after, "{'scheduling':{}}").scheduling()).isEqualTo(Scheduling.NONE);
  }

  @Test
  void aDaemonHasNoNumberOfInstances() {
    String told =
        "a daemon runs once on each node that can take it; leave 'instances' out, or say 0 for none"
            + " anywhere and 1, or the number that is shown, for one on each";
    AppSpec daemon = changed(app("'instances':5"), "{'scheduling':{'daemon':true}}");
    assertThat(daemon.instances()).isEqualTo(1);
    assertThat(refused(daemon, "{'instances':2}")).isEqualTo(told);
    AppSpec suspended = changed(daemon, "{'instances':0}");
    assertThat(suspended.instances()).isZero();
    assertThat(changed(suspended, "{'cpus':2}").instances()).isZero();
    assertThat(changed(suspended, "{'instances':1}")).isEqualTo(daemon);
    AppSpec writtenBack = changed(daemon, Described.written(daemon).toString());
    assertThat(writtenBack).isEqualTo(daemon);
    assertThat(changed(daemon, "{'scheduling':{},'instances':3}").instances()).isEqualTo(3);
  }

  @Test
  void secretsMayNotVanishUnderWhatRefersToThem() {
    AppSpec before = app("'env':{'B':{'secret':'s'}},'secrets':{'s':{'source':'x'}}");
    assertThat(refused(before, "{'secrets':{}}")).isEqualTo("references an undefined secret");
    assertThat(changed(before, "{'secrets':{},'env':{}}").secrets().sources()).isEmpty();
  }

  @Test
  void anEmptyListTakesChecksAway() {
    AppSpec before = app("'readinessChecks':[{'portName':'default'}],'healthChecks':[{}]");
    AppSpec after = changed(before, "{'readinessChecks':[],'healthChecks':[]}");
    assertThat(after.rollout().readinessCheck()).isEmpty();
    assertThat(after.healthChecks()).isEmpty();
    assertThat(changed(before, "{'cpus':2}").rollout().readinessCheck()).isPresent();
  }

  @Test
  void anAppMovesFromTheHostsNetworkBehindABridgeAndBack() {
    AppSpec host = app("'portDefinitions':[{'port':10001},{'port':10002}],'requirePorts':true");
    AppSpec bridged = changed(host, "{'networks':[{'mode':'container/bridge'}]}");
    assertThat(bridged.networks().getFirst().mode()).isEqualTo(Network.Mode.BRIDGE);
    assertThat(bridged.ports()).isEmpty();
    assertThat(bridged.requirePorts()).isFalse();
    assertThat(bridged.portMappings()).hasSize(2);
    AppSpec back = changed(bridged, "{'networks':[{'mode':'host'}]}");
    assertThat(back.ports()).hasSize(1);
    assertThat(back.portMappings()).isEmpty();
    assertThat(back.container().orElseThrow().portMappings()).isEmpty();
  }

  @Test
  void aContainerWithoutMappingsGetsOneWhereItsNetworkNeedsThem() {
    AppSpec bridged =
        app(
            "'networks':[{'mode':'container/bridge'}],"
                + "'container':{'docker':{'image':'x'},'portMappings':[{'containerPort':80},{}]}");
    AppSpec after = changed(bridged, "{'container':{'docker':{'image':'y'}}}");
    assertThat(after.portMappings()).hasSize(1);
    assertThat(changed(bridged, "{'instances':3}").portMappings()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'networks':[{'mode':'host'}],'container':{'docker':{'image':'x'},'portMappings':[{}]}} | portMappings are not allowed with host-networking
          {'networks':[{'mode':'container/bridge'}],'portDefinitions':[{}]} | portDefinitions are only allowed with host-networking
          """)
  void portsThatDoNotFitTheNetworkAreTold(String json, String message) {
    assertThat(refused(app("'instances':1"), json)).isEqualTo(message);
  }

  @Test
  void theImagesOwnProgramRunsOnlyWhileThereIsAnImage() {
    AppSpec before = Described.app(quoted("{'id':'/team/a','container':{'docker':{'image':'x'}}}"));
    assertThat(before.command()).isEqualTo(new Command.ImageDefault());
    assertThat(refused(before, "{'container':{'type':'MESOS'}}"))
        .startsWith("AppDefinition must either contain one of 'cmd' or 'args'");
    assertThat(changed(before, "{'args':['-v']}").command())
        .isEqualTo(new Command.Arguments(List.of("-v")));
  }

  @Test
  void anAppWithAPersistentVolumeTakesItsOwnDefaults() {
    AppSpec app = Described.app(RESIDENT);
    assertThat(app.upgradeStrategy()).isEqualTo(new UpgradeStrategy(0.5, 0));
    assertThat(app.unreachableStrategy()).isEqualTo(new UnreachableStrategy.Disabled());
    var written = Described.written(app);
    assertThat(written.get("residency").toString())
        .isEqualTo(
            quoted("{'relaunchEscalationTimeoutSeconds':3600,'taskLostBehavior':'WAIT_FOREVER'}"));
    assertThat(written.get("unreachableStrategy").asString()).isEqualTo("disabled");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {'container':{'type':'MESOS','volumes':[]}}
          {'container':{'type':'MESOS','volumes':[{'containerPath':'data','persistent':{'size':6}}]}}
          {'container':{'type':'MESOS','volumes':[{'containerPath':'other','persistent':{'size':5}}]}}
          """)
  void persistentVolumesCannotBeChanged(String json) {
    assertThat(refused(Described.app(RESIDENT), json))
        .isEqualTo("Persistent volumes can not be changed!");
  }

  @Test
  void aVolumeCannotBeAddedToAnAppThatHasNone() {
    assertThat(
            refused(
                app("'upgradeStrategy':{'maximumOverCapacity':0},'unreachableStrategy':'disabled'"),
                "{'container':{'type':'MESOS','volumes':[{'containerPath':'data',"
                    + "'persistent':{'size':5}}]}}"))
        .isEqualTo("Persistent volumes can not be changed!");
  }

  @Test
  void processorsAndMemoryMayGrowBesideAVolume() {
    AppSpec after = changed(Described.app(RESIDENT), "{'cpus':2,'mem':256}");
    assertThat(after.resources().cpus()).isEqualTo(2);
  }

  @Test
  void whatMesosAloneKnowsIsKeptUntilItIsTakenBack() {
    AppSpec before = app("'executor':'//cmd','role':'team','acceptedResourceRoles':['team','*']");
    assertThat(changed(before, "{'cpus':2}").mesos()).isEqualTo(before.mesos());
    AppSpec after = changed(before, "{'executor':'','role':'*','acceptedResourceRoles':['*']}");
    assertThat(after.mesos().executor()).isEmpty();
    assertThat(after.mesos().role()).isEmpty();
  }

  @Test
  void wordsOfACheckMeanTheSameToTheShell() {
    AppSpec app = app("'check':{'exec':{'command':{'argv':['echo','it is','$HOME']}}}");
    assertThat(Described.written(app).at("/check/exec/command/shell").asString())
        .isEqualTo("'echo' 'it is' '$HOME'");
  }
}
