package dev.slipway.engine.kubernetes;

import static dev.slipway.engine.kubernetes.Plans.DEFAULTS;
import static dev.slipway.engine.kubernetes.Plans.plan;
import static dev.slipway.engine.kubernetes.Plans.refusal;
import static dev.slipway.engine.kubernetes.Plans.request;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Container.Image;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.volume.VolumeId;
import dev.slipway.engine.kubernetes.PodPlan.PodOrder;
import dev.slipway.engine.kubernetes.PodPlan.Refused;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GivenToTasksTest {
  @Test
  void secretsReachVariablesAndFilesThroughOneSecret() {
    var launch =
        Launches.launch()
            .user("1000")
            .secret("db", "shop/db")
            .secretVariable("PASSWORD", "db")
            .volume(new Volume.SecretFile("keys/db", "db"));
    PodOrder order = plan(launch, Map.of("db", SecretValue.of("hidden")));
    assertThat(order.secret().orElseThrow().getData())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("variable-0", base64("hidden"), "file-0", base64("hidden")));
    Container task = order.pod().getSpec().getContainers().getFirst();
    assertThat(task.getEnv())
        .filteredOn(variable -> variable.getName().equals("PASSWORD"))
        .singleElement()
        .satisfies(
            variable ->
                assertThat(variable.getValueFrom().getSecretKeyRef().getKey())
                    .isEqualTo("variable-0"));
    assertThat(mounts(task)).containsEntry("/mnt/mesos/sandbox/keys/db", "secrets/file-0");
    assertThat(order.pod().getSpec().getSecurityContext().getFsGroup())
        .isEqualTo(TaskAccount.FILE_GROUP);
    assertThat(order.pod().toString()).doesNotContain("hidden");
  }

  @Test
  void aMissingSecretIsNamed() {
    assertThat(
            refusal(Launches.launch().secret("db", "shop/db").secretVariable("PASSWORD", "db"))
                .message())
        .isEqualTo("the secret 'db' is missing: the store has nothing at 'shop/db'");
  }

  @Test
  void whatIsFetchedIsToldInTheSecretAlone() {
    PodOrder order =
        plan(Launches.launch().user("1000").fetch(Fetch.of("https://u:p@example.org/a.tgz")));
    Container init = order.pod().getSpec().getInitContainers().getFirst();
    assertThat(init.getCommand()).isEqualTo(InitFetch.COMMAND);
    assertThat(init.getVolumeMounts())
        .extracting(VolumeMount::getMountPath)
        .containsExactly("/slipway/work", "/slipway/order");
    FetchOrder fetch =
        FetchOrder.decode(
            new String(
                Base64.getDecoder()
                    .decode(order.secret().orElseThrow().getData().get(FetchOrder.FILE)),
                StandardCharsets.UTF_8));
    assertThat(fetch.artifacts()).containsExactly(Fetch.of("https://u:p@example.org/a.tgz"));
    assertThat(fetch.owner()).contains(1000);
    assertThat(order.pod().toString()).doesNotContain("example.org");
  }

  @Test
  void anInitContainerRequestsNoMoreThanItsTask() {
    var resources =
        plan(Launches.launch().resources(0.1, 32, 0, 0).fetch(Fetch.of("http://a/b")))
            .pod()
            .getSpec()
            .getInitContainers()
            .getFirst()
            .getResources();
    assertThat(resources.getRequests())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("cpu", new Quantity("100m"), "memory", new Quantity("33554432")));
    assertThat(resources.getLimits())
        .containsExactlyInAnyOrderEntriesOf(Map.of("memory", new Quantity("268435456")));
  }

  @Test
  void persistentVolumesLieInTheSandboxAndMayBeShownTwice() {
    var id = new VolumeId("shop_cart.data.volume-0a2b3c4d-0000-4000-8000-0123456789ab");
    PodOrder order =
        plan(
            Launches.launch()
                .mounted(new MountedVolume(id, "data", 1024))
                .volume(new Volume.Host("/var/lib/db", "data", false)));
    Container task = order.pod().getSpec().getContainers().getFirst();
    assertThat(mounts(task))
        .containsEntry("/mnt/mesos/sandbox/data", "volume-0")
        .containsEntry("/var/lib/db", "volume-0");
    assertThat(order.pod().getSpec().getVolumes().get(1).getPersistentVolumeClaim().getClaimName())
        .isEqualTo(Names.claimName(id));
  }

  @Test
  void hostPathsAreMountedOnlyWhereTheOperatorAllowsIt() {
    var launch = Launches.launch().volume(new Volume.Host("/logs", "/var/log/../log/x", true));
    assertThat(refusal(launch).message())
        .isEqualTo(
            "the host path '/var/log/../log/x' (RO) is not below a directory that apps may mount;"
                + " the operator may allow it with --allow-host-path");
    var allowed =
        PodDefaults.of(
            KubernetesSettings.DEFAULT.withAllowed(
                new KubernetesSettings.Allowed(false, List.of(NodePath.parse("/var/log:ro")))),
            "tasks",
            Optional.empty());
    PodPlan plan = new PodPlanner(allowed).plan(PodRequest.of(launch.build(), List.of()));
    assertThat(((PodOrder) plan).pod().getSpec().getVolumes().get(1).getHostPath().getPath())
        .isEqualTo("/var/log/x");
    var written = Launches.launch().volume(new Volume.Host("/logs", "/var/log/x", false));
    assertThat(new PodPlanner(allowed).plan(PodRequest.of(written.build(), List.of())))
        .isInstanceOf(Refused.class);
  }

  @Test
  void placesThatHideOthersAreRefused() {
    for (String path : List.of("/mnt/mesos", ".", "/", "a/../..", "/mnt/mesos/sandbox")) {
      var launch = Launches.launch().secret("s", "s").volume(new Volume.SecretFile(path, "s"));
      assertThat(new PodPlanner(DEFAULTS).plan(request(launch, Map.of("s", SecretValue.of("x")))))
          .as(path)
          .isInstanceOf(Refused.class);
    }
  }

  @Test
  void pullCredentialsAreADockerConfig() {
    var image =
        new Image("r.example/i", true, false, List.of(), Optional.of("pull"), Optional.empty());
    var launch = Launches.launch().image(image).secret("pull", "registry");
    PodOrder order =
        plan(launch, Map.of("pull", SecretValue.of("{\"r.example\":{\"auth\":\"eA\"}}")));
    var secret = order.pullSecret().orElseThrow();
    assertThat(secret.getType()).isEqualTo("kubernetes.io/dockerconfigjson");
    assertThat(secret.getData())
        .containsEntry(
            ".dockerconfigjson", base64("{\"auths\":{\"r.example\":{\"auth\":\"eA\"}}}"));
    assertThat(secret.getMetadata().getNamespace()).isEqualTo("tasks");
    assertThat(order.pod().getSpec().getImagePullSecrets().getFirst().getName())
        .isEqualTo(secret.getMetadata().getName());
    assertThat(order.pod().getSpec().getContainers().getFirst().getImagePullPolicy())
        .isEqualTo("Always");
    assertThat(
            new PodPlanner(DEFAULTS)
                .plan(request(launch, Map.of("pull", SecretValue.of("p4ssword")))))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.end().message()).doesNotContain("p4ssword"));
  }

  private static Map<String, String> mounts(Container container) {
    Map<String, String> mounts = new TreeMap<>();
    for (VolumeMount mount : container.getVolumeMounts()) {
      String below = mount.getSubPath() == null ? "" : "/" + mount.getSubPath();
      mounts.put(mount.getMountPath(), mount.getName() + below);
    }
    return mounts;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
