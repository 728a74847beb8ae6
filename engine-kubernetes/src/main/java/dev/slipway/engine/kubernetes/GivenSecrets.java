package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Container;
import dev.slipway.core.app.Volume;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// What lies in a pod's Secret, and under which keys: the values of variables and files, and the
/// order of what to fetch. Keys are numbers, not names, since names of variables and paths of files
/// may have characters that keys do not take.
final class GivenSecrets {
  /// What Kubernetes keeps in one Secret.
  static final int MOST_BYTES = 1024 * 1024;

  private final SortedMap<String, String> data = new TreeMap<>();
  private final SortedMap<String, String> variables = new TreeMap<>();
  private final SortedMap<String, String> files = new TreeMap<>();
  private long bytes;

  private GivenSecrets() {}

  /// @throws Refusal when a value is not there or cannot be what it should
  static GivenSecrets of(PodRequest request) {
    var given = new GivenSecrets();
    request
        .launch()
        .surroundings()
        .secrets()
        .environment()
        .forEach((variable, name) -> given.addVariable(variable, name, value(request, name)));
    List<Volume> volumes =
        request.launch().surroundings().container().map(Container::volumes).orElse(List.of());
    for (Volume volume : volumes) {
      if (volume instanceof Volume.SecretFile(String path, String name)) {
        String key = "file-" + given.files.size();
        given.files.put(path, key);
        given.put(key, value(request, name).bytes());
      }
    }
    return given;
  }

  void addFetchOrder(FetchOrder order) {
    put(FetchOrder.FILE, order.encode().getBytes(StandardCharsets.UTF_8));
  }

  private void addVariable(String variable, String name, SecretValue value) {
    if (value
        .text()
        .filter(text -> variable.length() + value.length() < PodVariables.LONGEST)
        .isEmpty()) {
      throw new Refusal(
          "the secret '%s' cannot be the variable %s: it is not text, or longer than %d KiB"
              .formatted(name, variable, PodVariables.LONGEST / 1024));
    }
    String key = "variable-" + variables.size();
    variables.put(variable, key);
    put(key, value.bytes());
  }

  private void put(String key, byte[] value) {
    bytes += value.length;
    if (bytes > MOST_BYTES) {
      throw new Refusal(
          "the app's secrets and what it fetches hold more than the %d KiB that a Secret of Kubernetes does"
              .formatted(MOST_BYTES / 1024));
    }
    data.put(key, Base64.getEncoder().encodeToString(value));
  }

  /// The value that the launch's secret `name` has.
  static SecretValue value(PodRequest request, String name) {
    TaskLaunch launch = request.launch();
    String source = launch.surroundings().secrets().sources().get(name);
    if (source == null) {
      throw new Refusal("the app says of no secret '" + name + "' where it lies");
    }
    SecretValue value = request.secrets().get(name);
    if (value == null) {
      throw new Refusal(
          "the secret '%s' is missing: the store has nothing at '%s'".formatted(name, source));
    }
    return value;
  }

  boolean isEmpty() {
    return data.isEmpty();
  }

  /// The Secret's data, in base 64.
  Map<String, String> data() {
    return data;
  }

  /// The variables, and the keys of their values.
  Map<String, String> variables() {
    return variables;
  }

  /// The files by the paths that the app gives them, and the keys of what they hold.
  Map<String, String> files() {
    return files;
  }
}
