package dev.slipway.example.crawler.message;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// Messages as JSON. Unknown fields are ignored, so that workers of two versions can talk to each
/// other during an update.
public final class Wire {
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Wire() {}

  /// Bytes that are not a message.
  public static final class MalformedMessage extends RuntimeException {
    private static final long serialVersionUID = 1;

    MalformedMessage(String message, Throwable cause) {
      super(message, cause);
    }
  }

  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /// @throws MalformedMessage if the text is not such a message
  public static <T> T read(String json, Class<T> type) {
    try {
      T value = MAPPER.readValue(json, type);
      if (value == null) {
        throw new IllegalArgumentException("null is not a " + type.getSimpleName());
      }
      return value;
    } catch (JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new MalformedMessage("not a " + type.getSimpleName(), e);
    }
  }

  public static byte[] zip(byte[] bytes) {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream(bytes.length / 3 + 64);
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return zipped.toByteArray();
  }

  /// @throws MalformedMessage if these are not zipped bytes, or more than `limit` of them
  public static byte[] unzip(byte[] zipped, int limit) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      byte[] bytes = in.readNBytes(limit + 1);
      if (bytes.length > limit) {
        throw new IOException("more than " + limit + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new MalformedMessage("not a zipped page", e);
    }
  }
}
