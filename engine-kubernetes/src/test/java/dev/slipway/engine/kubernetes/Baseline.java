package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The baseline of the Pod Security Standards, control by control, as its page lists them, in its
/// strictest form: nothing undefined is taken for allowed that the page does not allow.
final class Baseline {
  /// The controls that a pod of Linux may break.
  enum Control {
    HOST_NAMESPACES,
    PRIVILEGED,
    CAPABILITIES,
    HOST_PATHS,
    HOST_PORTS,
    HOST_PROBES,
    APP_ARMOR,
    SELINUX,
    PROC_MOUNT,
    SECCOMP,
    SYSCTLS
  }

  private static final Set<String> CAPABILITIES =
      Set.of(
          "AUDIT_WRITE",
          "CHOWN",
          "DAC_OVERRIDE",
          "FOWNER",
          "FSETID",
          "KILL",
          "MKNOD",
          "NET_BIND_SERVICE",
          "SETFCAP",
          "SETGID",
          "SETPCAP",
          "SETUID",
          "SYS_CHROOT");

  private static final Set<String> SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range");

  private Baseline() {}

  /// Which controls a pod breaks.
  static Set<Control> brokenBy(Pod pod) {
    PodSpec spec = pod.getSpec();
    List<Container> containers =
        Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream()).toList();
    Set<Control> broken = EnumSet.noneOf(Control.class);
    breakIf(
        isTrue(spec.getHostNetwork()) || isTrue(spec.getHostPID()),
        Control.HOST_NAMESPACES,
        broken);
    breakIf(isTrue(spec.getHostIPC()), Control.HOST_NAMESPACES, broken);
    for (Volume volume : spec.getVolumes()) {
      breakIf(volume.getHostPath() != null, Control.HOST_PATHS, broken);
    }
    var context = spec.getSecurityContext();
    breakIf(context.getSeLinuxOptions() != null, Control.SELINUX, broken);
    breakIf(context.getAppArmorProfile() != null, Control.APP_ARMOR, broken);
    breakIf(
        context.getSysctls().stream().anyMatch(sysctl -> !SYSCTLS.contains(sysctl.getName())),
        Control.SYSCTLS,
        broken);
    breakIf(
        context.getSeccompProfile() == null
            || !context.getSeccompProfile().getType().equals("RuntimeDefault"),
        Control.SECCOMP,
        broken);
    breakIf(
        pod.getMetadata().getAnnotations().keySet().stream()
            .anyMatch(name -> name.contains("apparmor") || name.contains("seccomp")),
        Control.APP_ARMOR,
        broken);
    containers.forEach(container -> check(container, broken));
    return broken;
  }

  private static void check(Container container, Set<Control> broken) {
    for (ContainerPort port : container.getPorts()) {
      breakIf(port.getHostPort() != null && port.getHostPort() != 0, Control.HOST_PORTS, broken);
    }
    breakIf(
        container.getLivenessProbe() != null
            || container.getReadinessProbe() != null
            || container.getLifecycle() != null,
        Control.HOST_PROBES,
        broken);
    SecurityContext context = container.getSecurityContext();
    breakIf(isTrue(context.getPrivileged()), Control.PRIVILEGED, broken);
    breakIf(context.getProcMount() != null, Control.PROC_MOUNT, broken);
    breakIf(context.getSeLinuxOptions() != null, Control.SELINUX, broken);
    breakIf(context.getAppArmorProfile() != null, Control.APP_ARMOR, broken);
    breakIf(context.getSeccompProfile() != null, Control.SECCOMP, broken);
    breakIf(
        context.getCapabilities() != null
            && !CAPABILITIES.containsAll(context.getCapabilities().getAdd()),
        Control.CAPABILITIES,
        broken);
  }

  private static void breakIf(boolean wrong, Control control, Set<Control> broken) {
    if (wrong) {
      broken.add(control);
    }
  }

  private static boolean isTrue(@org.jspecify.annotations.Nullable Boolean flag) {
    return Boolean.TRUE.equals(flag);
  }
}
