package dev.slipway.engine.kubernetes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.slipway.core.app.Fetch;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a pod's init container is told to fetch, as the file [#FILE] of the pod's Secret. The
/// addresses in it may hold credentials, so neither it nor its text is ever logged.
///
/// @param artifacts in the order in which they land; `slipway` addresses are replaced by links
///     before
/// @param sandbox where they land, in the init container's eyes
/// @param user names whose entries of the node's cache may be shared
/// @param owner the numeric account that gets what was fetched; without one it stays the init
///     container's
/// @param platform scheme, host and port of the platform itself, which may be asked whatever
///     addresses are refused otherwise
public record FetchOrder(
    List<Fetch> artifacts,
    Path sandbox,
    String user,
    Optional<Integer> owner,
    Optional<URI> platform) {
  /// The order's key in the Secret, and its file's name below the directory where it is mounted.
  public static final String FILE = "fetch.json";

  private static final ObjectMapper JSON = new ObjectMapper();

  public FetchOrder {
    artifacts = List.copyOf(artifacts);
    if (!sandbox.isAbsolute()) {
      throw new IllegalArgumentException("the sandbox of a fetch order is an absolute path");
    }
  }

  /// The order as JSON, for [#decode].
  public String encode() {
    ObjectNode order = JsonNodeFactory.instance.objectNode();
    order.put("sandbox", sandbox.toString());
    order.put("user", user);
    owner.ifPresent(uid -> order.put("owner", uid));
    platform.ifPresent(address -> order.put("platform", address.toString()));
    var list = order.putArray("artifacts");
    for (Fetch artifact : artifacts) {
      ObjectNode node = list.addObject();
      node.put("uri", artifact.uri());
      node.put("extract", artifact.extract());
      node.put("executable", artifact.executable());
      node.put("cache", artifact.cache());
      artifact.destPath().ifPresent(path -> node.put("destPath", path));
      artifact.checksum().ifPresent(checksum -> node.put("checksum", checksum));
    }
    return order.toString();
  }

  /// Reads what [#encode] wrote. Fields that it does not know are left alone, so that an image and
  /// a server of two neighbouring versions understand each other.
  ///
  /// @throws IllegalArgumentException when it is no order; the message quotes nothing of it
  public static FetchOrder decode(String text) {
    JsonNode order;
    try {
      order = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the fetch order is not JSON");
    }
    var artifacts = new ArrayList<Fetch>();
    for (JsonNode node : required(order, "artifacts")) {
      artifacts.add(
          new Fetch(
              required(node, "uri").asText(),
              node.path("extract").asBoolean(true),
              node.path("executable").asBoolean(false),
              node.path("cache").asBoolean(false),
              text(node, "destPath"),
              text(node, "checksum")));
    }
    return new FetchOrder(
        artifacts,
        path(required(order, "sandbox").asText()),
        order.path("user").asText(),
        order.path("owner").canConvertToInt()
            ? Optional.of(order.path("owner").asInt())
            : Optional.empty(),
        text(order, "platform").map(FetchOrder::address));
  }

  private static JsonNode required(JsonNode node, String field) {
    JsonNode value = node.path(field);
    if (value.isMissingNode() || value.isNull()) {
      throw new IllegalArgumentException("the fetch order has no " + field);
    }
    return value;
  }

  private static Optional<String> text(JsonNode node, String field) {
    return node.path(field).isTextual()
        ? Optional.of(node.path(field).textValue())
        : Optional.empty();
  }

  private static Path path(String text) {
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("the sandbox of the fetch order is not a path");
    }
  }

  private static URI address(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the platform of the fetch order is not an address");
    }
  }

  /// Without the addresses, which may hold credentials.
  @Override
  public String toString() {
    return "FetchOrder[" + artifacts.size() + " artifacts into " + sandbox + "]";
  }
}
