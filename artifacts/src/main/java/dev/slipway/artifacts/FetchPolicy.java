package dev.slipway.artifacts;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Where artifacts may come from and how hard they are tried for.
///
/// @param addresses which machines may be asked
/// @param fileRoots `file` addresses are read below these directories only, links resolved; none:
///     the scheme is refused. The platform may read what its users may not, so on a machine that
///     others reach over the network this should be a directory made for it, or nothing.
/// @param patience times and attempts
/// @param downloads downloads that run at once; others wait for their turn
/// @param proxies what downloads go through
/// @param platform scheme, host and port of the platform's own server: it is asked directly,
///     whatever its address is, since the operator named it
public record FetchPolicy(
    AddressPolicy addresses,
    List<Path> fileRoots,
    Patience patience,
    int downloads,
    WebProxies proxies,
    Optional<URI> platform) {
  public static final int DOWNLOADS = 16;

  public FetchPolicy {
    fileRoots = List.copyOf(fileRoots);
  }

  /// One machine whose users are its owners: any file, any machine but those of AddressPolicy.
  public static FetchPolicy forOneMachine() {
    return new FetchPolicy(
        AddressPolicy.DEFAULT,
        List.of(Path.of("/")),
        Patience.DEFAULT,
        DOWNLOADS,
        WebProxies.NONE,
        Optional.empty());
  }

  /// A platform that is reached over the network: no files.
  public static FetchPolicy forSharedMachines() {
    return new FetchPolicy(
        AddressPolicy.DEFAULT,
        List.of(),
        Patience.DEFAULT,
        DOWNLOADS,
        WebProxies.NONE,
        Optional.empty());
  }

  public FetchPolicy withAddresses(AddressPolicy policy) {
    return new FetchPolicy(policy, fileRoots, patience, downloads, proxies, platform);
  }

  public FetchPolicy withFileRoots(List<Path> roots) {
    return new FetchPolicy(addresses, roots, patience, downloads, proxies, platform);
  }

  public FetchPolicy withPatience(Patience other) {
    return new FetchPolicy(addresses, fileRoots, other, downloads, proxies, platform);
  }

  public FetchPolicy withProxies(WebProxies others) {
    return new FetchPolicy(addresses, fileRoots, patience, downloads, others, platform);
  }

  public FetchPolicy withPlatform(Optional<URI> address) {
    return new FetchPolicy(addresses, fileRoots, patience, downloads, proxies, address);
  }

  /// Whether an address is the platform's own.
  boolean isPlatform(URI uri) {
    return platform.isPresent() && origin(platform.get()).equals(origin(uri));
  }

  private static String origin(URI uri) {
    int usual = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    int port = uri.getPort() < 0 ? usual : uri.getPort();
    return (uri.getScheme() + "://" + uri.getHost() + ":" + port).toLowerCase(Locale.ROOT);
  }
}
