package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Container.Parameter;
import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import io.fabric8.kubernetes.api.model.HostAlias;
import io.fabric8.kubernetes.api.model.HostAliasBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What of Docker's command line has a counterpart in a pod (`container.docker.parameters`). Any
/// other option is refused by its name: a task that silently lacks what was asked for fails later
/// and in stranger ways.
final class DockerParameters {
  /// What the baseline of the Pod Security Standards lets a container have.
  static final Set<String> BASELINE_CAPABILITIES =
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

  /// The settings of the kernel that are a pod's own and that the baseline lets it change.
  static final Set<String> BASELINE_SYSCTLS =
      Set.of(
          "kernel.shm_rmid_forced",
          "net.ipv4.ip_local_port_range",
          "net.ipv4.ip_unprivileged_port_start",
          "net.ipv4.tcp_syncookies",
          "net.ipv4.ping_group_range");

  private static final Map<String, String> ELSEWHERE =
      Map.ofEntries(
          Map.entry("volume", "container.volumes"),
          Map.entry("mount", "container.volumes"),
          Map.entry("publish", "portMappings"),
          Map.entry("net", "networks"),
          Map.entry("network", "networks"),
          Map.entry("cpus", "cpus and resourceLimits"),
          Map.entry("cpu-shares", "cpus"),
          Map.entry("memory", "mem and resourceLimits"),
          Map.entry("gpus", "gpus"),
          Map.entry("label", "labels"),
          Map.entry("stop-timeout", "taskKillGracePeriodSeconds"));

  final SortedMap<String, String> environment = new TreeMap<>();
  final List<String> nameServers = new ArrayList<>();
  final List<String> searches = new ArrayList<>();
  final List<String> resolverOptions = new ArrayList<>();
  final List<Long> groups = new ArrayList<>();
  final SortedSet<String> addedCapabilities = new TreeSet<>();
  final SortedSet<String> droppedCapabilities = new TreeSet<>();
  final SortedMap<String, String> sysctls = new TreeMap<>();
  private final Map<String, List<String>> hosts = new LinkedHashMap<>();
  private @Nullable String hostname;
  private @Nullable String entrypoint;
  private @Nullable String workingDirectory;
  private @Nullable String user;
  boolean readOnly;
  boolean privileged;
  boolean terminal;

  private DockerParameters() {}

  /// @throws Refusal naming the option that a pod has no counterpart for
  static DockerParameters of(List<Parameter> parameters) {
    var read = new DockerParameters();
    for (Parameter parameter : parameters) {
      read.take(parameter.key(), parameter.value());
    }
    return read;
  }

  Optional<String> hostname() {
    return Optional.ofNullable(hostname);
  }

  Optional<String> entrypoint() {
    return Optional.ofNullable(entrypoint);
  }

  Optional<String> workingDirectory() {
    return Optional.ofNullable(workingDirectory);
  }

  Optional<String> user() {
    return Optional.ofNullable(user);
  }

  List<HostAlias> hostAliases() {
    return hosts.entrySet().stream()
        .map(
            entry ->
                new HostAliasBuilder()
                    .withIp(entry.getKey())
                    .withHostnames(entry.getValue())
                    .build())
        .toList();
  }

  private void take(String key, String value) {
    switch (key) {
      case "add-host" -> addHost(value);
      case "cap-add" -> addedCapabilities.add(capability(value));
      case "cap-drop" -> droppedCapabilities.add(capability(value));
      case "dns" -> nameServers.add(value);
      case "dns-search" -> searches.add(value);
      case "dns-option", "dns-opt" -> resolverOptions.add(value);
      case "entrypoint" -> entrypoint = value;
      case "env" -> addVariable(value);
      case "group-add" -> groups.add(number(key, value));
      case "hostname" -> hostname = value;
      case "interactive", "tty" -> terminal |= flag(key, value);
      case "privileged" -> privileged |= flag(key, value);
      case "read-only" -> readOnly = flag(key, value);
      case "sysctl" -> addSysctl(value);
      case "user" -> user = value;
      case "workdir" -> workingDirectory = absolute(key, value);
      default -> throw unknown(key);
    }
  }

  private static Refusal unknown(String key) {
    String hint =
        ELSEWHERE.containsKey(key)
            ? "; say it with " + ELSEWHERE.get(key)
            : "; take it out of container.docker.parameters";
    return new Refusal("Kubernetes has no counterpart of Docker's parameter '" + key + "'" + hint);
  }

  private void addHost(String value) {
    int colon = value.indexOf(':');
    if (colon < 1 || colon == value.length() - 1) {
      throw wrong("add-host", value, "a name, ':' and an address");
    }
    hosts
        .computeIfAbsent(value.substring(colon + 1), ignored -> new ArrayList<>())
        .add(value.substring(0, colon));
  }

  private void addVariable(String value) {
    int equals = value.indexOf('=');
    if (equals < 1) {
      throw wrong("env", value, "a name, '=' and a value");
    }
    environment.put(value.substring(0, equals), value.substring(equals + 1));
  }

  private void addSysctl(String value) {
    int equals = value.indexOf('=');
    if (equals < 1) {
      throw wrong("sysctl", value, "a name, '=' and a value");
    }
    String name = value.substring(0, equals);
    if (!BASELINE_SYSCTLS.contains(name)) {
      throw new Refusal(
          "the kernel's setting '%s' is not one that an app may change; those are %s"
              .formatted(name, new TreeSet<>(BASELINE_SYSCTLS)));
    }
    sysctls.put(name, value.substring(equals + 1));
  }

  private static String capability(String value) {
    String name = value.toUpperCase(java.util.Locale.ROOT);
    return name.startsWith("CAP_") ? name.substring("CAP_".length()) : name;
  }

  private static boolean flag(String key, String value) {
    return switch (value) {
      case "", "true" -> true;
      case "false" -> false;
      default -> throw wrong(key, value, "true or false");
    };
  }

  private static long number(String key, String value) {
    if (!value.matches("[0-9]{1,9}")) {
      throw wrong(key, value, "a number: the groups of the image's names are not known");
    }
    return Long.parseLong(value);
  }

  private static String absolute(String key, String value) {
    if (!value.startsWith("/")) {
      throw wrong(key, value, "an absolute path");
    }
    return value;
  }

  private static Refusal wrong(String key, String value, String right) {
    return new Refusal("Docker's parameter %s is '%s', not %s".formatted(key, value, right));
  }
}
