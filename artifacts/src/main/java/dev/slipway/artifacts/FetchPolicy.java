package dev.slipway.artifacts;

import java.nio.file.Path;
import java.util.List;

/// Where artifacts may come from and how hard they are tried for.
///
/// @param addresses which machines may be asked
/// @param fileRoots `file` addresses are read below these directories only, links resolved; none:
///     the scheme is refused. The platform may read what its users may not, so on a machine that
///     others reach over the network this should be a directory made for it, or nothing.
/// @param patience times and attempts
/// @param downloads downloads that run at once; others wait for their turn
/// @param proxies what downloads go through
public record FetchPolicy(
    AddressPolicy addresses,
    List<Path> fileRoots,
    Patience patience,
    int downloads,
    WebProxies proxies) {
  public static final int DOWNLOADS = 16;

  public FetchPolicy {
    fileRoots = List.copyOf(fileRoots);
  }

  /// One machine whose users are its owners: any file, any machine but those of AddressPolicy.
  public static FetchPolicy forOneMachine() {
    return new FetchPolicy(
        AddressPolicy.DEFAULT, List.of(Path.of("/")), Patience.DEFAULT, DOWNLOADS, WebProxies.NONE);
  }

  /// A platform that is reached over the network: no files.
  public static FetchPolicy forSharedMachines() {
    return new FetchPolicy(
        AddressPolicy.DEFAULT, List.of(), Patience.DEFAULT, DOWNLOADS, WebProxies.NONE);
  }

  public FetchPolicy withAddresses(AddressPolicy policy) {
    return new FetchPolicy(policy, fileRoots, patience, downloads, proxies);
  }

  public FetchPolicy withFileRoots(List<Path> roots) {
    return new FetchPolicy(addresses, roots, patience, downloads, proxies);
  }

  public FetchPolicy withPatience(Patience other) {
    return new FetchPolicy(addresses, fileRoots, other, downloads, proxies);
  }

  public FetchPolicy withProxies(WebProxies others) {
    return new FetchPolicy(addresses, fileRoots, patience, downloads, others);
  }
}
