package dev.slipway.artifacts;

import dev.slipway.core.app.Fetch;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where an artifact comes from, parsed once. `shown` is the only form that may reach a message or
/// a log: without credentials, and without the query, which is where signed addresses carry theirs.
sealed interface ArtifactAddress {
  /// An `http` or `https` address.
  ///
  /// @param uri without user information and fragment
  /// @param authorization the value of the header made from the address's user information
  record Web(URI uri, Optional<String> authorization) implements ArtifactAddress {
    @Override
    public String shown() {
      return uri.getScheme()
          + "://"
          + uri.getRawAuthority()
          + path()
          + (uri.getRawQuery() == null ? "" : "?...");
    }

    /// As Mesos's fetcher: what comes after the last slash, as it is written, with the query. A
    /// name that no file system holds, as signed addresses make them, loses its query.
    @Override
    public String lastPart() {
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      String name = afterLastSlash(path() + query);
      return name.length() > SandboxPath.NAME_BYTES ? nameWithoutQuery() : name;
    }

    @Override
    public String nameWithoutQuery() {
      return afterLastSlash(path());
    }

    private String path() {
      return uri.getRawPath() == null ? "" : uri.getRawPath();
    }

    private static String afterLastSlash(String text) {
      return text.substring(text.lastIndexOf('/') + 1);
    }

    /// A message about a file that may have taken its name from this address, without the query.
    @Override
    public String withoutSecrets(String message) {
      String query = uri.getRawQuery();
      if (query == null || query.isEmpty()) {
        return message;
      }
      return message
          .replace("?" + query, "?...")
          .replace(SandboxPath.quoted(lastPart()), SandboxPath.quoted(nameWithoutQuery() + "?..."));
    }

    boolean sameOrigin(Web other) {
      return uri.getScheme().equals(other.uri.getScheme())
          && uri.getHost().equalsIgnoreCase(other.uri.getHost())
          && port() == other.port();
    }

    private int port() {
      if (uri.getPort() >= 0) {
        return uri.getPort();
      }
      return uri.getScheme().equals("https") ? 443 : 80;
    }

    /// Where a redirect leads.
    Web redirectedTo(String location) throws ArtifactProblem {
      Web next;
      try {
        next = web(uri.resolve(new URI(location)).toString());
      } catch (URISyntaxException e) {
        throw new ArtifactProblem(shown() + " redirects to something that is not an address");
      }
      if (uri.getScheme().equals("https") && next.uri.getScheme().equals("http")) {
        throw new ArtifactProblem(
            shown() + " redirects from https to http (" + next.shown() + "), which is refused");
      }
      // Credentials belong to the machine that they were given for.
      boolean keepsCredentials = next.authorization.isEmpty() && sameOrigin(next);
      return keepsCredentials ? new Web(next.uri, authorization) : next;
    }

    @Override
    public String toString() {
      return shown();
    }
  }

  /// A file of this machine.
  record LocalFile(Path path) implements ArtifactAddress {
    @Override
    public String shown() {
      return "file://" + path;
    }

    @Override
    public String lastPart() {
      return path.getFileName() == null ? "" : path.getFileName().toString();
    }
  }

  /// An artifact of the platform's store: `slipway://NAME`, `slipway://SHA256`, or
  /// `slipway://SHA256/FILE-NAME` where the file should have a name.
  record Stored(String reference, String lastPart) implements ArtifactAddress {
    @Override
    public String shown() {
      return "slipway://" + reference;
    }
  }

  Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)");

  /// For people, without secrets.
  String shown();

  /// The name of the file that it becomes, unless the user names one; may be empty.
  String lastPart();

  /// The name by which an archive is known when the query hides its ending.
  default String nameWithoutQuery() {
    return lastPart();
  }

  /// A message that may quote the file's name, without what must not be shown.
  default String withoutSecrets(String message) {
    return message;
  }

  /// @throws ArtifactProblem when it is not an address, or of a scheme that is not fetched
  static ArtifactAddress parse(String raw) throws ArtifactProblem {
    String text = raw.strip();
    if (text.length() > Fetch.MAX_URI_LENGTH) {
      throw new ArtifactProblem(
          "its address is longer than " + Fetch.MAX_URI_LENGTH + " characters");
    }
    // Mesos refuses the first two as well; none of them is legal in a URI.
    if (text.chars().anyMatch(c -> c == '\\' || c == '\'' || Character.isISOControl(c))) {
      throw new ArtifactProblem("its address has a backslash, a quote or a control character");
    }
    if (text.startsWith("/")) {
      return localFile(text);
    }
    var matcher = SCHEME.matcher(text);
    if (!matcher.matches()) {
      throw new ArtifactProblem(
          "its address has no scheme, and paths relative to a framework's home are not known here;"
              + " use http, https, file or slipway");
    }
    String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "http", "https" -> web(text);
      case "file" -> localFile(filePath(matcher.group(2)));
      case "slipway" -> stored(matcher.group(2));
      case "ftp", "ftps" ->
          throw new ArtifactProblem(scheme + " is not fetched; use http, https, file or slipway");
      default ->
          throw new ArtifactProblem(
              "the scheme "
                  + scheme
                  + " is not fetched (Mesos asks a Hadoop client for it); use http, https, file or"
                  + " slipway");
    };
  }

  private static Web web(String text) throws ArtifactProblem {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      // The exception quotes its input, which may hold a password.
      throw new ArtifactProblem("its address is malformed at character " + (e.getIndex() + 1));
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new ArtifactProblem("only http and https are followed, not " + scheme);
    }
    if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new ArtifactProblem("its address has no valid host and port");
    }
    String authority = uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort());
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    Optional<String> authorization =
        Optional.ofNullable(uri.getUserInfo())
            .filter(userInformation -> !userInformation.isEmpty())
            .map(ArtifactAddress::basic);
    return new Web(URI.create(scheme + "://" + authority + path + query), authorization);
  }

  /// RFC 7617.
  private static String basic(String userInformation) {
    String pair = userInformation.contains(":") ? userInformation : userInformation + ":";
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }

  private static String filePath(String afterScheme) throws ArtifactProblem {
    String path = afterScheme;
    if (path.startsWith("//")) {
      int slash = path.indexOf('/', 2);
      String host = path.substring(2, slash < 0 ? path.length() : slash);
      if (slash < 0 || !(host.isEmpty() || host.equals("localhost"))) {
        throw new ArtifactProblem("a file address is file:///absolute/path");
      }
      path = path.substring(slash);
    }
    return decoded(path);
  }

  private static LocalFile localFile(String text) throws ArtifactProblem {
    try {
      Path path = Path.of(text);
      if (path.isAbsolute()) {
        return new LocalFile(path.normalize());
      }
    } catch (InvalidPathException e) {
      throw new ArtifactProblem("its path cannot be a path of this machine");
    }
    throw new ArtifactProblem("a file address is file:///absolute/path");
  }

  private static Stored stored(String afterScheme) throws ArtifactProblem {
    if (!afterScheme.startsWith("//")) {
      throw new ArtifactProblem("a store address is slipway://NAME or slipway://SHA256");
    }
    String rest = afterScheme.substring(2);
    int slash = rest.indexOf('/');
    String reference = slash < 0 ? rest : rest.substring(0, slash);
    String file = slash < 0 ? reference : decoded(rest.substring(rest.lastIndexOf('/') + 1));
    if (!StoredArtifact.isName(reference)) {
      throw new ArtifactProblem("a store address is slipway://NAME or slipway://SHA256");
    }
    return new Stored(reference, file.isEmpty() ? reference : file);
  }

  private static String decoded(String part) {
    try {
      // The decoder is one for forms, where a plus is a space; in a path it is a plus.
      return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return part;
    }
  }
}
