package dev.slipway.server.marathon;

import dev.slipway.server.http.Accept;
import dev.slipway.server.http.Json;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Puts answers on the wire: as JSON, compressed for those who take that, and not at all for those
/// who have them already.
///
/// An answer's tag (`ETag`) is made of its bytes. The number of the last event would be cheaper,
/// but tells nothing of results of health checks and of times that pass, which are in no journal.
final class AnswerWriter {
  /// Smaller answers are not worth the work.
  static final int LEAST_COMPRESSED = 1024;

  private static final int TAG_BYTES = 15;
  private static final String JSON = "application/json";

  private AnswerWriter() {}

  /// @param read whether the request changed nothing, so that its answer may be had again
  static void send(Answer answer, Context context, boolean read) {
    context.status(answer.status());
    answer.headers().forEach(context::header);
    if (answer.body().isEmpty()) {
      return;
    }
    byte[] bytes = Json.write(answer.body().get());
    if (read && answer.status() == 200) {
      String tag = tag(bytes);
      context.header("ETag", tag);
      context.header("Cache-Control", "private, no-cache");
      context.header("Vary", "Accept-Encoding");
      if (isKnown(context, tag)) {
        context.status(304);
        return;
      }
    }
    context.contentType(JSON);
    if (bytes.length >= LEAST_COMPRESSED && takesGzip(context)) {
      context.header("Content-Encoding", "gzip").result(compressed(bytes));
      return;
    }
    context.result(bytes);
  }

  /// Weak, since the same tag stands for the compressed form.
  private static String tag(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return "W/\""
          + Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest, TAG_BYTES))
          + "\"";
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  private static boolean isKnown(Context context, String tag) {
    String known = context.header("If-None-Match");
    if (known == null) {
      return false;
    }
    String opaque = tag.substring(2);
    return Arrays.stream(known.split(",", -1))
        .map(String::strip)
        .anyMatch(one -> one.equals("*") || one.equals(tag) || one.equals(opaque));
  }

  private static boolean takesGzip(Context context) {
    String header = context.header("Accept-Encoding");
    return header != null && Accept.of(header).quality("gzip") > 0;
  }

  private static byte[] compressed(byte[] bytes) {
    var out = new ByteArrayOutputStream(bytes.length / 4);
    try (var gzip = new FastGzip(out)) {
      gzip.write(bytes);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return out.toByteArray();
  }

  private static final class FastGzip extends GZIPOutputStream {
    FastGzip(ByteArrayOutputStream out) throws IOException {
      super(out, 1 << 13);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }
}
