package dev.slipway.engine.kubernetes;

import static dev.slipway.engine.kubernetes.Plans.DEFAULTS;
import static dev.slipway.engine.kubernetes.Plans.plan;
import static dev.slipway.engine.kubernetes.Plans.refusal;
import static dev.slipway.engine.kubernetes.Plans.task;
import static dev.slipway.engine.kubernetes.Plans.variables;
import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.core.app.Command;
import dev.slipway.core.app.Container.Image;
import dev.slipway.core.app.Fetch;
import dev.slipway.core.app.Network;
import dev.slipway.core.app.ResourceLimits;
import dev.slipway.core.app.ResourceLimits.Limit;
import dev.slipway.core.app.Resources;
import dev.slipway.core.engine.TaskEnd;
import dev.slipway.engine.kubernetes.PodPlan.PodOrder;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PodPlannerTest {
  @Test
  void aPodIsOnItsNodeAndLeftToThePlatform() {
    PodOrder order = plan(Launches.launch().grace(Duration.ofMillis(2500)));
    var spec = order.pod().getSpec();
    assertThat(order.pod().getMetadata().getNamespace()).isEqualTo("tasks");
    assertThat(Names.task(order.pod())).contains(Launches.launch().build().id());
    assertThat(spec.getNodeName()).isEqualTo("node1");
    assertThat(spec.getRestartPolicy()).isEqualTo("Never");
    assertThat(spec.getEnableServiceLinks()).isFalse();
    assertThat(spec.getAutomountServiceAccountToken()).isFalse();
    assertThat(spec.getTerminationGracePeriodSeconds()).isEqualTo(3);
    assertThat(spec.getInitContainers()).isEmpty();
    assertThat(order.secret()).isEmpty();
    assertThat(order.pullSecret()).isEmpty();
  }

  @Test
  void silentNodesAndTheTaintsOfItsNodeAreTolerated() {
    var taint = new TaintBuilder().withKey("gpu").withValue("yes").withEffect("NoSchedule").build();
    var silent =
        new TaintBuilder()
            .withKey("node.kubernetes.io/unreachable")
            .withEffect("NoExecute")
            .build();
    var plan =
        new PodPlanner(DEFAULTS)
            .plan(PodRequest.of(Launches.launch().build(), List.of(taint, silent)));
    assertThat(((PodOrder) plan).pod().getSpec().getTolerations())
        .extracting(each -> each.getKey() + " " + each.getOperator() + " " + each.getEffect())
        .containsExactly(
            "node.kubernetes.io/not-ready Exists NoExecute",
            "node.kubernetes.io/unreachable Exists NoExecute",
            "gpu Equal NoSchedule");
  }

  @Test
  void aShellLineRunsInTheSandboxAsItIsWritten() {
    Container task = task(Launches.launch().shell("echo $(HOME) $$ ${X}").variable("A", "$(B)"));
    assertThat(task.getCommand()).containsExactly("/bin/sh", "-c", "echo $$(HOME) $$$$ $${X}");
    assertThat(task.getArgs()).isEmpty();
    assertThat(task.getWorkingDir()).isEqualTo("/mnt/mesos/sandbox");
    assertThat(variables(task)).containsEntry("A", "$$(B)");
    assertThat(variables(task)).containsEntry("MESOS_SANDBOX", "/mnt/mesos/sandbox");
    assertThat(task.getImage()).isEqualTo(TaskImages.DEFAULT.base());
  }

  @Test
  void onlyWhatIsFetchedNeedsRoomBesideTheSandbox() {
    assertThat(task(Launches.launch()).getVolumeMounts())
        .singleElement()
        .returns("/mnt/mesos/sandbox", VolumeMount::getMountPath)
        .returns(null, VolumeMount::getSubPath);
    assertThat(task(Launches.launch().fetch(Fetch.of("http://a/b"))).getVolumeMounts())
        .singleElement()
        .returns("sandbox", VolumeMount::getSubPath);
  }

  @Test
  void argumentsGoToTheImagesEntryPointWhereThereIsOne() {
    Container plain = task(Launches.launch().arguments("java", "-jar"));
    assertThat(plain.getCommand()).containsExactly("java", "-jar");
    Container own = task(Launches.launch().arguments("-jar").image("app:1"));
    assertThat(own.getCommand()).isEmpty();
    assertThat(own.getArgs()).containsExactly("-jar");
    assertThat(own.getWorkingDir()).isNull();
    Container entry =
        task(Launches.launch().arguments("-v").image("app:1").parameter("entrypoint", "/bin/x"));
    assertThat(entry.getCommand()).containsExactly("/bin/x");
    assertThat(entry.getArgs()).containsExactly("-v");
    Container image = task(Launches.launch().command(new Command.ImageDefault()).image("app:1"));
    assertThat(image.getCommand()).isEmpty();
    assertThat(image.getArgs()).isEmpty();
    assertThat(refusal(Launches.launch().command(new Command.ImageDefault())).reason())
        .isEqualTo(TaskEnd.Reason.COMMAND_INVALID);
  }

  @Test
  void processorTimeIsAShareAndMemoryABound() {
    var resources = task(Launches.launch().resources(0.5, 64, 100, 2)).getResources();
    assertThat(resources.getRequests())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "cpu", new Quantity("500m"),
                "memory", new Quantity("67108864"),
                "ephemeral-storage", new Quantity("104857600"),
                "nvidia.com/gpu", new Quantity("2")));
    assertThat(resources.getLimits())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "memory", new Quantity("67108864"),
                "ephemeral-storage", new Quantity("115343360"),
                "nvidia.com/gpu", new Quantity("2")));
  }

  @Test
  void whatIsNotRequestedIsNeitherKeptNorBounded() {
    var resources = task(Launches.launch().resources(0, 0, 0, 0)).getResources();
    assertThat(resources.getRequests()).isEmpty();
    assertThat(resources.getLimits()).isEmpty();
  }

  @Test
  void anAppMaySayHowFarItsTasksGo() {
    var more =
        new ResourceLimits(
            Optional.of(new Limit.AtMost(2000)),
            Optional.of(new Limit.AtMost(128 * Resources.MEBIBYTE)));
    assertThat(
            task(Launches.launch().resources(1, 64, 0, 0).limits(more)).getResources().getLimits())
        .containsExactlyInAnyOrderEntriesOf(
            Map.of("cpu", new Quantity("2000m"), "memory", new Quantity("134217728")));
    var unlimited =
        new ResourceLimits(Optional.of(new Limit.Unlimited()), Optional.of(new Limit.Unlimited()));
    assertThat(
            task(Launches.launch().resources(1, 64, 0, 0).limits(unlimited))
                .getResources()
                .getLimits())
        .isEmpty();
  }

  @Test
  void gpusAreGivenAsAWholeAndTasksWithoutSeeNone() {
    assertThat(refusal(Launches.launch().resources(1, 64, 0, 0.5)).message())
        .isEqualTo(
            "Kubernetes gives GPUs as a whole, and the app asks for 0.5 of one; ask for 1, or"
                + " none");
    assertThat(variables(task(Launches.launch().variable("NVIDIA_VISIBLE_DEVICES", "all"))))
        .containsEntry("NVIDIA_VISIBLE_DEVICES", "void");
  }

  @Test
  void onTheHostsNetworkAssignedPortsLeadToThemselves() {
    assertThat(ports(Launches.launch().hostPort(20001)))
        .containsExactly("20001->20001 TCP", "20001->20001 UDP");
  }

  @Test
  void mappedPortsLeadToTheContainers() {
    assertThat(
            ports(
                Launches.launch()
                    .network(Network.Mode.BRIDGE)
                    .mapping(80, Optional.of(0), "tcp")
                    .mapping(9000, Optional.empty(), "tcp")
                    .mapping(0, Optional.of(0), "udp,tcp")
                    .hostPort(20001)
                    .hostPort(20002)))
        .containsExactly("20001->80 TCP", "20002->20002 UDP", "20002->20002 TCP");
  }

  @Test
  void accountsAreNumbers() {
    assertThat(
            plan(Launches.launch().user("root"))
                .pod()
                .getSpec()
                .getSecurityContext()
                .getRunAsUser())
        .isZero();
    var context = plan(Launches.launch().user("1000:2000")).pod().getSpec().getSecurityContext();
    assertThat(context.getRunAsUser()).isEqualTo(1000);
    assertThat(context.getRunAsGroup()).isEqualTo(2000);
    TaskEnd refused = refusal(Launches.launch().user("www-data"));
    assertThat(refused.reason()).isEqualTo(TaskEnd.Reason.COMMAND_INVALID);
    assertThat(refused.message())
        .isEqualTo(
            "the user 'www-data' is a name, and Kubernetes starts tasks by the account's number"
                + " alone: write it, such as 1000 or 1000:1000, or 'root'");
  }

  @Test
  void whatDockerAndPodsHaveInCommonIsTakenAndTheRestRefusedByName() {
    PodOrder order =
        plan(
            Launches.launch()
                .image("i")
                .parameter("add-host", "db:10.0.0.1")
                .parameter("add-host", "cache:10.0.0.1")
                .parameter("env", "A=B=C")
                .parameter("hostname", "shop")
                .parameter("workdir", "/srv")
                .parameter("cap-add", "CAP_CHOWN")
                .parameter("cap-drop", "all")
                .parameter("read-only", "true")
                .parameter("dns", "10.0.0.53")
                .parameter("sysctl", "net.ipv4.tcp_syncookies=1"));
    var spec = order.pod().getSpec();
    Container task = spec.getContainers().getFirst();
    assertThat(spec.getHostAliases().getFirst().getHostnames()).containsExactly("db", "cache");
    assertThat(spec.getHostname()).isEqualTo("shop");
    assertThat(spec.getDnsPolicy()).isEqualTo("None");
    assertThat(variables(task)).containsEntry("A", "B=C");
    assertThat(task.getWorkingDir()).isEqualTo("/srv");
    assertThat(task.getSecurityContext().getCapabilities().getAdd()).containsExactly("CHOWN");
    assertThat(task.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(task.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(refusal(Launches.launch().parameter("volume", "/a:/b")).message())
        .isEqualTo(
            "Kubernetes has no counterpart of Docker's parameter 'volume'; say it with"
                + " container.volumes");
    assertThat(refusal(Launches.launch().parameter("ulimit", "nofile=1")).message())
        .contains("'ulimit'");
  }

  @Test
  void moreRightsThanTheBaselineTakeTheOperatorsLeave() {
    var privileged =
        Launches.launch()
            .image(new Image("i", true, true, List.of(), Optional.empty(), Optional.empty()));
    assertThat(refusal(privileged).message()).contains("--allow-privileged");
    assertThat(refusal(Launches.launch().parameter("cap-add", "SYS_ADMIN")).message())
        .contains("[SYS_ADMIN]", "--allow-privileged");
    assertThat(refusal(Launches.launch().parameter("sysctl", "kernel.msgmax=1")).message())
        .contains("kernel.msgmax");
  }

  @Test
  void aTerminalIsOneThatIsReadFrom() {
    Container task = task(Launches.launch().tty());
    assertThat(task.getTty()).isTrue();
    assertThat(task.getStdin()).isTrue();
  }

  @Test
  void variablesThatCannotBeAreRefusedByName() {
    assertThat(refusal(Launches.launch().variable("1A", "x")).message()).contains("'1A'");
    assertThat(refusal(Launches.launch().variable("A B", "x")).message()).contains("'A B'");
    assertThat(refusal(Launches.launch().variable("A", "x".repeat(200_000))).message())
        .contains("the variable A has 200002 bytes");
  }

  @Test
  void aPodThatTheClusterWouldNotKeepIsRefused() {
    var launch = Launches.launch();
    for (int i = 0; i < 12; i++) {
      launch.variable("A" + i, "x".repeat(100_000));
    }
    assertThat(refusal(launch).message())
        .startsWith("the app's command and environment take 1173 KiB in a pod");
  }

  private static List<String> ports(Launches launch) {
    return task(launch).getPorts().stream().map(PodPlannerTest::text).toList();
  }

  private static String text(ContainerPort port) {
    return port.getHostPort() + "->" + port.getContainerPort() + " " + port.getProtocol();
  }
}
