package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Fetch;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads `fetch`, and the older `uris`, which say by the file name's ending whether to unpack.
final class FetchReading {
  private static final Set<String> SCHEMES = Set.of("http", "https", "file", "slipway");

  /// Marathon's list of endings, for `uris` only.
  private static final List<String> ARCHIVES =
      List.of(".tgz", ".tar.gz", ".tbz2", ".tar.bz2", ".txz", ".tar.xz", ".zip");

  private static final Pattern CHECKSUM = Pattern.compile("^[0-9a-f]{64}$");

  private FetchReading() {}

  static Optional<List<Fetch>> read(Fields fields) {
    Optional<List<Fetch>> fetch =
        fields.list(
            "fetch",
            AppLimits.FETCHES,
            (node, path) -> Fields.of(node, path, fields.faults()).flatMap(FetchReading::one));
    Optional<List<Fetch>> uris =
        fields.textList("uris", AppLimits.FETCHES).map(list -> legacy(list, fields));
    boolean both = !fetch.orElse(List.of()).isEmpty() && !uris.orElse(List.of()).isEmpty();
    if (both) {
      fields.faults().value(fields.path("uris"), "may not be set in conjunction with fetch");
    }
    return fetch.filter(list -> !list.isEmpty()).or(() -> uris).or(() -> fetch);
  }

  private static List<Fetch> legacy(List<String> uris, Fields fields) {
    for (int i = 0; i < uris.size(); i++) {
      checkAddress(uris.get(i), fields.path("uris(" + i + ")"), fields.faults());
    }
    return uris.stream()
        .map(
            uri -> new Fetch(uri, isArchive(uri), false, false, Optional.empty(), Optional.empty()))
        .toList();
  }

  private static Optional<Fetch> one(Fields fields) {
    Optional<String> uri = fields.text("uri");
    if (uri.isEmpty()) {
      if (!fields.has("uri")) {
        fields.faults().type(fields.path("uri"), "error.path.missing");
      }
      return Optional.empty();
    }
    checkAddress(uri.get(), fields.path("uri"), fields.faults());
    Optional<String> destPath = fields.text("destPath");
    destPath.ifPresent(path -> checkDestination(path, fields));
    Optional<String> checksum = fields.text("checksum");
    if (checksum.isPresent() && !CHECKSUM.matcher(checksum.get()).matches()) {
      fields
          .faults()
          .value(fields.path("checksum"), "must be a SHA-256 of 64 lower-case hexadecimal digits");
    }
    return Optional.of(
        new Fetch(
            uri.get(),
            fields.flag("extract").orElse(true),
            fields.flag("executable").orElse(false),
            fields.flag("cache").orElse(false),
            destPath,
            checksum));
  }

  private static void checkAddress(String uri, String where, Faults faults) {
    if (uri.isEmpty() || uri.length() > Fetch.MAX_URI_LENGTH) {
      faults.value(where, "must have 1 to " + Fetch.MAX_URI_LENGTH + " characters");
      return;
    }
    if (uri.startsWith("/")) {
      return;
    }
    try {
      String scheme = new URI(uri).getScheme();
      if (scheme == null || !SCHEMES.contains(scheme.toLowerCase(Locale.ROOT))) {
        faults.value(
            where,
            "the scheme must be one of http, https, file and slipway (the platform's store)");
      }
    } catch (URISyntaxException e) {
      faults.value(where, "URI has invalid syntax.");
    }
  }

  private static void checkDestination(String path, Fields fields) {
    boolean leaves = List.of(path.split("/", -1)).contains("..");
    if (path.isEmpty()
        || path.length() > AppLimits.NAME_LENGTH
        || path.startsWith("/")
        || leaves
        || !AppLimits.isPlain(path)) {
      fields
          .faults()
          .value(fields.path("destPath"), "must be a relative path that stays in the sandbox");
    }
  }

  private static boolean isArchive(String uri) {
    String path = uri.replaceFirst("[?#].*$", "").toLowerCase(Locale.ROOT);
    return ARCHIVES.stream().anyMatch(path::endsWith);
  }
}
