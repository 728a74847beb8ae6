package dev.slipway.engine.kubernetes;

import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The variables of a task as a pod has them.
final class PodVariables {
  /// The kernel starts no program with a longer variable or argument.
  static final int LONGEST = 128 * 1024 - 1;

  private static final String SANDBOX = "MESOS_SANDBOX";
  private static final String ADDRESS = "MESOS_CONTAINER_IP";
  private static final String NVIDIA = "NVIDIA_VISIBLE_DEVICES";

  /// What Kubernetes takes as a name; later versions take more, all of them take these.
  private static final Pattern NAME = Pattern.compile("[-._a-zA-Z][-._a-zA-Z0-9]*");

  private PodVariables() {}

  /// @param secrets the variables that hold a secret
  /// @throws Refusal for names and lengths that cannot be
  static List<EnvVar> of(TaskLaunch launch, DockerParameters parameters, GivenSecrets secrets) {
    var plain = new TreeMap<String, String>(parameters.environment);
    plain.putAll(launch.environment());
    plain.putIfAbsent(SANDBOX, Names.SANDBOX);
    if (launch.resources().milliGpus() == 0) {
      // Some images ask for all devices, and some nodes give them.
      plain.put(NVIDIA, "void");
    } else {
      plain.remove(NVIDIA);
    }
    Map<String, String> keys = secrets.variables();
    keys.keySet().forEach(plain::remove);
    List<EnvVar> variables = new ArrayList<>();
    plain.forEach((name, value) -> variables.add(variable(name, value)));
    keys.forEach((name, key) -> variables.add(secret(name, Names.secretName(launch.id()), key)));
    if (!plain.containsKey(ADDRESS) && !keys.containsKey(ADDRESS)) {
      variables.add(address());
    }
    return variables;
  }

  /// Kubernetes replaces `$(NAME)` in commands, arguments and variables; a task sees what was
  /// written.
  static String literal(String text) {
    return text.replace("$", "$$");
  }

  private static EnvVar variable(String name, String value) {
    check(name);
    int length =
        name.getBytes(StandardCharsets.UTF_8).length
            + value.getBytes(StandardCharsets.UTF_8).length
            + 1;
    if (length > LONGEST) {
      throw new Refusal(
          "the variable %s has %d bytes, and no program starts with more than %d in one"
              .formatted(name, length, LONGEST));
    }
    if (value.indexOf('\0') >= 0) {
      throw new Refusal("the variable " + name + " holds a NUL character");
    }
    return new EnvVarBuilder().withName(name).withValue(literal(value)).build();
  }

  private static EnvVar secret(String name, String secret, String key) {
    check(name);
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewSecretKeyRef(key, secret, false)
        .endValueFrom()
        .build();
  }

  private static EnvVar address() {
    return new EnvVarBuilder()
        .withName(ADDRESS)
        .withNewValueFrom()
        .withNewFieldRef("v1", "status.podIP")
        .endValueFrom()
        .build();
  }

  private static void check(String name) {
    if (!NAME.matcher(name).matches() || name.equals(".") || name.startsWith("..")) {
      throw new Refusal(
          ("Kubernetes takes no variable named '%s': names are letters, digits, '_', '-' and '.',"
                  + " and begin with no digit")
              .formatted(Lines.one(name, 100)));
    }
  }
}
