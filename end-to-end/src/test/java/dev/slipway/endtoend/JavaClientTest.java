package dev.slipway.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.endtoend.harness.Eventually;
import dev.slipway.endtoend.harness.RunningServer;
import dev.slipway.endtoend.harness.SharedServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import mesosphere.marathon.client.Marathon;
import mesosphere.marathon.client.MarathonClient;
import mesosphere.marathon.client.MarathonException;
import mesosphere.marathon.client.model.v2.App;
import mesosphere.marathon.client.model.v2.Container;
import mesosphere.marathon.client.model.v2.Docker;
import mesosphere.marathon.client.model.v2.Group;
import mesosphere.marathon.client.model.v2.Result;
import mesosphere.marathon.client.model.v2.Task;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Mesosphere's own Java client (`com.mesosphere:marathon-client`), unmodified, against a server on
/// real processes.
class JavaClientTest {
  @RegisterExtension static final SharedServer SHARED = new SharedServer("java-client");

  private final RunningServer server = SHARED.get();
  private final Marathon marathon = MarathonClient.getInstance(server.uri().toString());

  @Test
  void itReadsTheServerInfo() throws MarathonException {
    var info = marathon.getServerInfo();

    assertThat(info.getName()).isNotEmpty();
    assertThat(info.getVersion()).startsWith("1.");
    assertThat(info.getElected()).isTrue();
    assertThat(info.getLeader()).isEqualTo(server.uri().getAuthority());
    assertThat(info.getMarathon_config()).isNotNull();
    assertThat(info.getHttp_config().getHttp_port())
        .isEqualTo(Integer.toString(server.uri().getPort()));
  }

  @Test
  void itCreatesReadsAndDeletesAnApp() throws MarathonException {
    var created = marathon.createApp(sleeping("shop/cart", 3));

    assertThat(created.getId()).isEqualTo("/shop/cart");
    assertThat(created.getVersion()).isNotEmpty();
    awaitQuiet();
    var app = marathon.getApp("shop/cart").getApp();
    assertThat(app.getTasksRunning()).isEqualTo(3);
    assertThat(app.getTasks()).hasSize(3).extracting(Task::getState).containsOnly("TASK_RUNNING");
    assertThat(marathon.getApps(Map.of("embed", "apps.tasks")).getApps())
        .singleElement()
        .satisfies(shown -> assertThat(shown.getTasks()).hasSize(3));
    assertThat(marathon.getTasks().getTasks()).hasSize(3);
    assertThat(marathon.getAppTasks("shop/cart").getTasks()).hasSize(3);

    assertThat(marathon.deleteApp("/shop/cart").getDeploymentId()).isNotEmpty();
    awaitQuiet();
    assertThat(marathon.getApps().getApps()).isEmpty();
    assertThatThrownBy(() -> marathon.getApp("shop/cart"))
        .isInstanceOfSatisfying(
            MarathonException.class, unknown -> assertThat(unknown.getStatus()).isEqualTo(404));
  }

  @Test
  void itScalesUpdatesGoesBackAndRestarts() throws MarathonException {
    String first = marathon.createApp(sleeping("/updated", 1)).getVersion();
    awaitQuiet();
    Set<String> before = taskIds("/updated");

    var scaled = new App();
    scaled.setInstances(2);
    marathon.updateApp("/updated", scaled, false);
    awaitQuiet();
    assertThat(taskIds("/updated")).hasSize(2).containsAll(before);

    var changed = new App();
    changed.setEnv(Map.of("COLOUR", "blue"));
    Result update = marathon.updateApp("/updated", changed, false);
    awaitQuiet();
    assertThat(taskIds("/updated")).hasSize(2).doesNotContainAnyElementsOf(before);
    assertThat(marathon.getAppVersions("/updated").getVersions())
        .hasSize(3)
        .contains(first, update.getVersion());
    assertThat(marathon.getAppVersion("/updated", first).getInstances()).isOne();

    Set<String> blue = taskIds("/updated");
    marathon.restartApp("/updated", false);
    awaitQuiet();
    assertThat(taskIds("/updated")).hasSize(2).doesNotContainAnyElementsOf(blue);
  }

  @Test
  void itKillsTasks() throws MarathonException {
    marathon.createApp(sleeping("/nap", 3));
    awaitQuiet();
    var ids = new ArrayList<>(taskIds("/nap"));

    marathon.deleteAppTask("/nap", ids.getFirst(), "true");
    awaitQuiet();
    assertThat(marathon.getApp("/nap").getApp().getInstances()).isEqualTo(2);
    marathon.deleteAppTasks("/nap", "", "false");
    Eventually.holds(
        "others have taken their place",
        () -> assertThat(taskIds("/nap")).hasSize(2).doesNotContainAnyElementsOf(ids));
  }

  @Test
  void itWorksWithGroups() throws MarathonException {
    var group = new Group();
    group.setId("/product");
    group.setApps(List.of(sleeping("/product/web", 1)));
    marathon.createGroup(group);
    awaitQuiet();

    Group shown = marathon.getGroup("product");
    assertThat(shown.getApps()).extracting(App::getId).containsExactly("/product/web");
    group.setApps(List.of(sleeping("/product/web", 1), sleeping("/product/job", 1)));
    marathon.updateGroup("product", false, group);
    awaitQuiet();
    assertThat(marathon.getTasks().getTasks()).hasSize(2);

    marathon.deleteGroup("product", true);
    awaitQuiet();
    assertThat(marathon.getApps().getApps()).isEmpty();
  }

  @Test
  void itSeesWhatWaitsAndTakesItBack() throws MarathonException {
    App app = sleeping("/image", 1);
    var docker = new Docker();
    docker.setImage("localhost/nothing");
    docker.setNetwork("BRIDGE");
    var container = new Container();
    container.setType("DOCKER");
    container.setDocker(docker);
    app.setContainer(container);
    marathon.createApp(app);

    assertThat(marathon.getQueue().getQueue())
        .singleElement()
        .satisfies(
            waiting -> {
              assertThat(waiting.getApp().getId()).isEqualTo("/image");
              assertThat(waiting.getCount()).isOne();
              assertThat(waiting.getDelay().isOverdue()).isTrue();
            });
    assertThat(marathon.getDeployments())
        .singleElement()
        .satisfies(one -> assertThat(one.getAffectedApps()).containsExactly("/image"));
    String deployment = marathon.getDeployments().getFirst().getId();
    assertThatThrownBy(() -> marathon.updateApp("/image", sleeping("/image", 2), false))
        .isInstanceOfSatisfying(
            MarathonException.class, locked -> assertThat(locked.getStatus()).isEqualTo(409));
    marathon.cancelDeploymentAndRollback(deployment);
    awaitQuiet();
    assertThat(marathon.getApps().getApps()).isEmpty();
    marathon.createApp(app);
    marathon.cancelDeployment(marathon.getDeployments().getFirst().getId());
    assertThat(marathon.getDeployments()).isEmpty();
  }

  @Test
  void itSubscribesToEvents() throws MarathonException {
    String callback = "http://127.0.0.1:9/nobody";

    marathon.register(callback);
    assertThat(marathon.subscriptions().getCallbackUrls()).contains(callback);
    marathon.unregister(callback);
    assertThat(marathon.subscriptions().getCallbackUrls()).doesNotContain(callback);
  }

  private static App sleeping(String id, int instances) {
    var app = new App();
    app.setId(id);
    app.setCmd("exec sleep 3600");
    app.setCpus(0.01);
    app.setMem(16.0);
    app.setInstances(instances);
    return app;
  }

  private Set<String> taskIds(String app) throws MarathonException {
    Set<String> ids = new TreeSet<>();
    marathon.getAppTasks(app).getTasks().forEach(task -> ids.add(task.getId()));
    return ids;
  }

  private void awaitQuiet() {
    Eventually.holds(
        "no deployment goes on", () -> assertThat(marathon.getDeployments()).isEmpty());
  }
}
