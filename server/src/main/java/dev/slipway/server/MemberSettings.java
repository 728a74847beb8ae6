package dev.slipway.server;

import dev.slipway.core.leadership.ElectionRules;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// What a server is among several on one journal.
///
/// @param name what people call it, such as its host's name
/// @param advertise where the other servers reach its API; its own address without it
/// @param keys the directory of what servers of a platform have in common: the hash of the access
///     token and the keys of secrets and links; the data directory without it
/// @param rules the times of elections
public record MemberSettings(
    String name, Optional<URI> advertise, Optional<Path> keys, ElectionRules rules) {
  public static final MemberSettings DEFAULT =
      new MemberSettings("", Optional.empty(), Optional.empty(), ElectionRules.DEFAULT);

  public MemberSettings {
    advertise.ifPresent(MemberSettings::check);
  }

  private static void check(URI address) {
    boolean whole =
        "http".equals(address.getScheme())
            && address.getHost() != null
            && address.getPort() > 0
            && (address.getPath() == null || address.getPath().isEmpty())
            && address.getQuery() == null
            && address.getUserInfo() == null;
    if (!whole) {
      throw new IllegalArgumentException(
          "--advertise is http://HOST:PORT, as the other servers reach this one, not '"
              + address
              + "'");
    }
  }

  public MemberSettings named(String newName) {
    return new MemberSettings(newName, advertise, keys, rules);
  }

  public MemberSettings advertising(URI address) {
    return new MemberSettings(name, Optional.of(address), keys, rules);
  }

  public MemberSettings keysIn(Path directory) {
    return new MemberSettings(name, advertise, Optional.of(directory), rules);
  }

  public MemberSettings with(ElectionRules newRules) {
    return new MemberSettings(name, advertise, keys, newRules);
  }
}
