package dev.slipway.engine.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.engine.TaskLaunch;
import dev.slipway.engine.kubernetes.PodPlan.Refusal;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;

/// The credentials for an app's image (`docker.pullConfig.secret`), as Kubernetes wants them: the
/// text of Docker's `config.json`, or the `.dockercfg` that was before it.
final class PullCredentials {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String KEY = ".dockerconfigjson";
  private static final String AUTHS = "auths";

  private PullCredentials() {}

  /// The Secret without its namespace.
  ///
  /// @throws Refusal when the value is missing or no such text; it never quotes it
  static Secret secret(PodRequest request, String name) {
    TaskLaunch launch = request.launch();
    String config = config(name, GivenSecrets.value(request, name).bytes());
    return new SecretBuilder()
        .withNewMetadata()
        .withName(Names.pullSecretName(launch.id()))
        .withLabels(Names.labels(launch.id(), launch.version(), launch.epoch()))
        .withAnnotations(Names.annotations(launch.id(), launch.app(), launch.version()))
        .endMetadata()
        .withType("kubernetes.io/dockerconfigjson")
        .withImmutable(true)
        .withData(
            Map.of(
                KEY, Base64.getEncoder().encodeToString(config.getBytes(StandardCharsets.UTF_8))))
        .build();
  }

  private static String config(String name, byte[] value) {
    JsonNode node;
    try {
      node = JSON.readTree(new String(value, StandardCharsets.UTF_8));
    } catch (JsonProcessingException notJson) {
      throw wrong(name);
    }
    if (node == null || !node.isObject() || value.length > GivenSecrets.MOST_BYTES) {
      throw wrong(name);
    }
    if (node.has(AUTHS)) {
      return node.toString();
    }
    ObjectNode config = JsonNodeFactory.instance.objectNode();
    config.set(AUTHS, node);
    return config.toString();
  }

  private static Refusal wrong(String name) {
    return new Refusal(
        "the secret '%s' holds no credentials for a registry: it should be Docker's config.json"
            .formatted(name));
  }
}
