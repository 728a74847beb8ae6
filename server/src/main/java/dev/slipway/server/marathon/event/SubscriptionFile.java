package dev.slipway.server.marathon.event;

import dev.slipway.server.file.OwnerOnlyFile;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.UnreadableJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Subscriptions in a file of the data directory, readable by its owner alone, since addresses may
/// hold tokens. Each change writes another file that then takes the place of the old one.
///
/// @param file such as `event-subscriptions.json`
public record SubscriptionFile(Path file) implements SubscriptionStore {
  public static final String NAME = "event-subscriptions.json";

  private static final Logger LOG = LoggerFactory.getLogger(SubscriptionFile.class);
  private static final long MAX_BYTES = 256L * 1024;
  private static final String KEY = "callbackUrls";

  @Override
  public List<URI> read() {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IOException("it is larger than " + MAX_BYTES + " bytes");
      }
      List<URI> read = new ArrayList<>();
      for (JsonNode url : Json.read(Files.readAllBytes(file)).path(KEY)) {
        read.add(CallbackAddress.parse(url.asString("")));
      }
      return read;
    } catch (IOException | UnreadableJson | IllegalArgumentException damaged) {
      // Whoever wants to be told subscribes anew, as clients do when they start.
      LOG.warn("subscriptions.unreadable file={} reason=\"{}\"", file, damaged.getMessage());
      return List.of();
    }
  }

  @Override
  public void write(List<URI> subscriptions) {
    byte[] bytes = Json.write(Map.of(KEY, subscriptions.stream().map(URI::toString).toList()));
    try {
      OwnerOnlyFile.write(file, bytes);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
