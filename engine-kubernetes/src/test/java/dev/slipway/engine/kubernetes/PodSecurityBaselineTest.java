package dev.slipway.engine.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Container.Image;
import dev.slipway.core.app.Container.Parameter;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.MountedVolume;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.core.volume.VolumeId;
import dev.slipway.engine.kubernetes.Baseline.Control;
import dev.slipway.engine.kubernetes.PodPlan.PodOrder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whatever apps ask for, pods stay within the baseline of the Pod Security Standards but for host
/// ports, and each allowance of the operator adds what it names and nothing else.
final class PodSecurityBaselineTest {
  private static final int LAUNCHES = 600;
  private static final int LARGEST_POD = 1_400_000;

  private static final List<Parameter> PARAMETERS =
      List.of(
          new Parameter("cap-add", "NET_BIND_SERVICE"),
          new Parameter("cap-add", "SYS_ADMIN"),
          new Parameter("cap-add", "all"),
          new Parameter("cap-add", "cap_net_raw"),
          new Parameter("cap-drop", "ALL"),
          new Parameter("privileged", "true"),
          new Parameter("pid", "host"),
          new Parameter("ipc", "host"),
          new Parameter("net", "host"),
          new Parameter("security-opt", "seccomp=unconfined"),
          new Parameter("security-opt", "apparmor=unconfined"),
          new Parameter("security-opt", "label=type:spc_t"),
          new Parameter("device", "/dev/sda"),
          new Parameter("volume", "/:/host"),
          new Parameter("sysctl", "kernel.msgmax=1"),
          new Parameter("sysctl", "net.ipv4.tcp_syncookies=1"),
          new Parameter("add-host", "a:1.2.3.4"),
          new Parameter("env", "A=b"),
          new Parameter("user", "0"),
          new Parameter("read-only", "true"));

  private static final List<String> HOST_PATHS =
      List.of("/", "/etc", "/srv/shared", "/srv/shared/../../etc", "/srv/shared2", "data", "..");

  @Test
  void noLaunchLeavesTheBaselineButForHostPorts() {
    assertThat(broken(new KubernetesSettings.Allowed(false, List.of())))
        .isEqualTo(EnumSet.of(Control.HOST_PORTS));
  }

  @Test
  void allowedPathsAddHostPathsAlone() {
    assertThat(
            broken(
                new KubernetesSettings.Allowed(false, List.of(NodePath.parse("/srv/shared:rw")))))
        .isEqualTo(EnumSet.of(Control.HOST_PORTS, Control.HOST_PATHS));
  }

  @Test
  void allowedPrivilegeAddsPrivilegeAndWhatComesWithIt() {
    assertThat(broken(new KubernetesSettings.Allowed(true, List.of())))
        .isEqualTo(
            EnumSet.of(
                Control.HOST_PORTS, Control.PRIVILEGED, Control.CAPABILITIES, Control.SECCOMP));
  }

  @Test
  void aCacheDirectoryIsTheInitContainersAlone() {
    var defaults =
        PodDefaults.of(
            KubernetesSettings.DEFAULT.withCacheDirectory("/var/cache/slipway"),
            "tasks",
            Optional.empty());
    Fetch cached = new Fetch("http://a/b", true, false, true, Optional.empty(), Optional.empty());
    var plan =
        new PodPlanner(defaults)
            .plan(PodRequest.of(Launches.launch().fetch(cached).build(), List.of()));
    Pod pod = ((PodOrder) plan).pod();
    assertThat(Baseline.brokenBy(pod)).containsExactly(Control.HOST_PATHS);
    assertThat(pod.getSpec().getContainers().getFirst().getVolumeMounts())
        .noneMatch(mount -> mount.getName().equals("cache"));
  }

  @Test
  void onlyAllowedDirectoriesAreEverMounted() {
    var allowed = new KubernetesSettings.Allowed(true, List.of(NodePath.parse("/srv/shared:ro")));
    for (Pod pod : pods(allowed)) {
      pod.getSpec().getVolumes().stream()
          .filter(volume -> volume.getHostPath() != null)
          .forEach(volume -> assertThat(volume.getHostPath().getPath()).isEqualTo("/srv/shared"));
    }
  }

  /// Every control that any pod of many launches breaks.
  private static Set<Control> broken(KubernetesSettings.Allowed allowed) {
    Set<Control> broken = EnumSet.noneOf(Control.class);
    for (Pod pod : pods(allowed)) {
      Set<Control> own = Baseline.brokenBy(pod);
      boolean privileged = own.contains(Control.PRIVILEGED);
      assertThat(own.contains(Control.SECCOMP)).isEqualTo(privileged);
      pod.getSpec()
          .getContainers()
          .forEach(
              task ->
                  assertThat(task.getSecurityContext().getAllowPrivilegeEscalation())
                      .isEqualTo(privileged ? null : Boolean.FALSE));
      assertThat(Serialization.asJson(pod).getBytes(StandardCharsets.UTF_8).length)
          .isLessThan(LARGEST_POD);
      broken.addAll(own);
    }
    return broken;
  }

  private static List<Pod> pods(KubernetesSettings.Allowed allowed) {
    var planner =
        new PodPlanner(
            PodDefaults.of(
                KubernetesSettings.DEFAULT.withAllowed(allowed), "tasks", Optional.empty()));
    var random = new Random(20_261_122);
    List<Pod> pods = new ArrayList<>();
    for (int i = 0; i < LAUNCHES; i++) {
      TaskLaunch launch = random(random);
      var request =
          new PodRequest(
              launch,
              List.of(),
              new TreeMap<>(Map.of("s", SecretValue.of("{\"auths\":{}}"))),
              launch.fetch());
      if (planner.plan(request) instanceof PodOrder order) {
        pods.add(order.pod());
      }
    }
    assertThat(pods).hasSizeGreaterThan(LAUNCHES / 10);
    return pods;
  }

  private static TaskLaunch random(Random random) {
    Launches launch = Launches.launch().id(new UUID(random.nextLong(), random.nextLong()));
    command(random, launch);
    launch.resources(
        random.nextInt(4), random.nextInt(3) * 64, random.nextInt(2) * 10, random.nextInt(2));
    if (random.nextInt(3) == 0) {
      launch.user(List.of("root", "0", "1000", "1000:0").get(random.nextInt(4)));
    }
    if (random.nextInt(8) == 0) {
      launch.tty();
    }
    if (random.nextInt(10) == 0) {
      launch.variable("LARGE", "\"".repeat(random.nextInt(130_000)));
    }
    network(random, launch);
    volumes(random, launch.secret("s", "s"));
    if (random.nextInt(4) == 0) {
      launch.fetch(Fetch.of("http://a/b"));
    }
    return launch.build();
  }

  private static void command(Random random, Launches launch) {
    if (random.nextBoolean()) {
      Optional<String> pull = random.nextBoolean() ? Optional.of("s") : Optional.empty();
      List<Parameter> parameters = new ArrayList<>();
      while (random.nextInt(3) == 0) {
        parameters.add(PARAMETERS.get(random.nextInt(PARAMETERS.size())));
      }
      launch
          .image(
              new Image(
                  "app:1",
                  random.nextBoolean(),
                  random.nextInt(5) == 0,
                  parameters,
                  pull,
                  Optional.empty()))
          .command(
              random.nextBoolean()
                  ? new Command.ImageDefault()
                  : new Command.Arguments(List.of("x")));
    } else {
      launch.shell("x");
    }
  }

  private static void network(Random random, Launches launch) {
    Network.Mode mode = Network.Mode.values()[random.nextInt(Network.Mode.values().length)];
    launch.network(mode);
    if (random.nextBoolean()) {
      launch.hostPort(20_000 + random.nextInt(10)).mapping(80, Optional.of(0), "udp,tcp");
    }
  }

  private static void volumes(Random random, Launches launch) {
    if (random.nextInt(4) == 0) {
      String path = HOST_PATHS.get(random.nextInt(HOST_PATHS.size()));
      launch.volume(new Volume.Host("/mnt/host", path, random.nextBoolean()));
    }
    if (random.nextInt(4) == 0) {
      launch.volume(new Volume.SecretFile("keys/k", "s")).secretVariable("SECRET", "s");
    }
    if (random.nextInt(4) == 0) {
      launch.mounted(new MountedVolume(new VolumeId("a.data"), "data", 1));
    }
  }
}
