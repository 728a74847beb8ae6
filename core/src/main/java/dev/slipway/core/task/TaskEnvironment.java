package dev.slipway.core.task;

import dev.slipway.core.app.App;
import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Sorted;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.instance.Instance;
import dev.slipway.core.node.Node;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The environment variables of a task, as Marathon sets them (`EnvironmentHelper.scala`,
/// `TaskBuilder.scala`): what the app is, its labels, its host and ports. The owner's own
/// variables win over all of them.
///
/// An app on two ports, the first one named `http`, is told among others: `PORT` and `PORT0` the
/// first, `PORT1` the second, `PORTS` both, `PORT_HTTP` the first. What only an engine knows
/// (`MESOS_SANDBOX`, `MESOS_CONTAINER_IP`) is added by the engine.
public final class TaskEnvironment {
  private static final String LABEL_PREFIX = "MARATHON_APP_LABEL_";

  /// Labels whose value is as long as this or longer are left out.
  public static final int MAX_VALUE_LENGTH = 512;

  /// Labels whose name is as long as this or longer are left out.
  public static final int MAX_LABEL_NAME_LENGTH = MAX_VALUE_LENGTH - LABEL_PREFIX.length();

  private static final Pattern NOT_IN_A_NAME = Pattern.compile("[^a-zA-Z0-9_]+");

  private TaskEnvironment() {}

  /// The environment of the task that runs for `instance` on `node`; an instance without a place
  /// has no ports.
  public static SortedMap<String, String> of(App app, Instance instance, Node node) {
    SortedMap<String, String> result = new TreeMap<>();
    result.putAll(metadata(app.spec(), instance));
    image(app.spec()).ifPresent(name -> result.put("MARATHON_APP_DOCKER_IMAGE", name));
    result.putAll(labels(app.spec().labels()));
    result.put("HOST", node.hostname());
    var hostPorts = instance.place().map(Instance.Place::hostPorts).orElse(List.of());
    result.putAll(ports(TaskPort.of(app.spec(), hostPorts)));
    result.putAll(app.spec().env());
    return Sorted.copyOf(result);
  }

  private static Map<String, String> metadata(AppSpec spec, Instance instance) {
    Resources resources = spec.resources();
    return Map.of(
        "MESOS_TASK_ID", instance.id().task().value(),
        "MARATHON_APP_ID", spec.id().toString(),
        "MARATHON_APP_VERSION", Timestamps.format(instance.version()),
        "MARATHON_APP_RESOURCE_CPUS", Double.toString(resources.cpus()),
        "MARATHON_APP_RESOURCE_MEM", Double.toString(resources.memMebibytes()),
        "MARATHON_APP_RESOURCE_DISK", Double.toString(resources.diskMebibytes()),
        "MARATHON_APP_RESOURCE_GPUS", gpus(resources),
        // Roles of groups are Mesos's; no app is bound to one here.
        "MARATHON_APP_ENFORCE_GROUP_ROLE", "FALSE");
  }

  /// A whole number as Marathon writes it, or a share.
  private static String gpus(Resources resources) {
    return resources.milliGpus() % Resources.DEVICE == 0
        ? Integer.toString(resources.milliGpus() / Resources.DEVICE)
        : Double.toString(resources.gpus());
  }

  private static Optional<String> image(AppSpec app) {
    return app.container()
        .filter(container -> container.kind() == Container.Kind.DOCKER)
        .flatMap(Container::image)
        .map(Container.Image::name);
  }

  private static Map<String, String> labels(SortedMap<String, String> labels) {
    Map<String, String> byName = new LinkedHashMap<>();
    labels.forEach(
        (name, value) -> {
          if (name.length() < MAX_LABEL_NAME_LENGTH && value.length() < MAX_VALUE_LENGTH) {
            byName.put(upperCase(NOT_IN_A_NAME.matcher(name).replaceAll("_")), value);
          }
        });
    Map<String, String> result = new LinkedHashMap<>();
    result.put("MARATHON_APP_LABELS", String.join(" ", byName.keySet()));
    byName.forEach((name, value) -> result.put(LABEL_PREFIX + name, value));
    return result;
  }

  private static Map<String, String> ports(List<TaskPort> ports) {
    Map<String, String> result = new LinkedHashMap<>();
    if (ports.isEmpty()) {
      return result;
    }
    for (int index = 0; index < ports.size(); index++) {
      result.put("PORT" + index, Integer.toString(ports.get(index).number()));
    }
    for (TaskPort port : ports) {
      int requested = port.requested() == 0 ? port.number() : port.requested();
      result.put("PORT_" + requested, Integer.toString(port.number()));
    }
    for (TaskPort port : ports) {
      String number = Integer.toString(port.number());
      port.name().ifPresent(name -> result.put("PORT_" + upperCase(name), number));
    }
    result.put("PORT", Integer.toString(ports.getFirst().number()));
    result.put(
        "PORTS",
        ports.stream()
            .map(port -> Integer.toString(port.number()))
            .collect(Collectors.joining(",")));
    return result;
  }

  private static String upperCase(String name) {
    return name.toUpperCase(Locale.ROOT);
  }
}
