package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.Fetch;
import java.net.URI;
import java.nio.file.Path;
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

  public FetchOrder {
    artifacts = List.copyOf(artifacts);
    if (!sandbox.isAbsolute()) {
      throw new IllegalArgumentException("the sandbox of a fetch order is an absolute path");
    }
  }

  /// The order as JSON, for [#decode].
  public String encode() {
    return FetchOrderText.of(this);
  }

  /// Reads what [#encode] wrote. Fields that it does not know are left alone, so that an image and
  /// a server of two neighbouring versions understand each other.
  ///
  /// @throws IllegalArgumentException when it is no order; the message quotes nothing of it
  public static FetchOrder decode(String text) {
    return FetchOrderText.read(text);
  }

  /// Without the addresses, which may hold credentials.
  @Override
  public String toString() {
    return "FetchOrder[" + artifacts.size() + " artifacts into " + sandbox + "]";
  }
}
