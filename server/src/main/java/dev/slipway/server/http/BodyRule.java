package dev.slipway.server.http;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;

/// Which bodies are taken. What an HTML form or a script can send across origins without asking
/// first (`text/plain` and the form types) never changes anything, whatever it holds.
final class BodyRule {
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
  private static final Set<String> CHANGING = Set.of("POST", "PUT", "PATCH", "DELETE");
  private static final Set<String> TYPES =
      Set.of("application/json", "application/yaml", "application/x-yaml", "text/yaml");
  private static final String BYTES = "application/octet-stream";

  private final long limit;
  private final List<String> uploads;

  /// @param limit of a body in bytes, but for uploads
  /// @param uploads the beginnings of paths under which bodies of any kind and size are taken
  BodyRule(long limit, List<String> uploads) {
    this.limit = limit;
    this.uploads = List.copyOf(uploads);
  }

  static boolean isChanging(String method) {
    return !READING.contains(method);
  }

  /// A PUT is never sent across origins without asking, so an upload needs no type.
  boolean isUpload(String method, String path) {
    return method.equals("PUT") && uploads.stream().anyMatch(path::startsWith);
  }

  Optional<Refusal> check(String method, String path, HttpFields headers) {
    if (!READING.contains(method) && !CHANGING.contains(method)) {
      return Optional.of(new Refusal(405, "the method is not supported"));
    }
    String encoding = headers.get(HttpHeader.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      return Optional.of(new Refusal(415, "encoded bodies are not taken; send it as it is"));
    }
    boolean upload = isUpload(method, path);
    long length = headers.getLongField(HttpHeader.CONTENT_LENGTH);
    if (!upload && length > limit) {
      return Optional.of(tooLarge(limit));
    }
    if (READING.contains(method) || isTypeTaken(upload, hasBody(headers, length), headers)) {
      return Optional.empty();
    }
    return Optional.of(
        new Refusal(415, "send the body as application/json (Content-Type), or YAML as such"));
  }

  static Refusal tooLarge(long limit) {
    return new Refusal(413, "the body is larger than " + limit + " bytes");
  }

  private static boolean hasBody(HttpFields headers, long length) {
    return length > 0 || headers.contains(HttpHeader.TRANSFER_ENCODING);
  }

  private static boolean isTypeTaken(boolean upload, boolean hasBody, HttpFields headers) {
    String header = headers.get(HttpHeader.CONTENT_TYPE);
    if (header == null) {
      return upload || !hasBody;
    }
    String type = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return TYPES.contains(type)
        || (type.startsWith("application/") && type.endsWith("+json"))
        || (upload && type.equals(BYTES));
  }
}
