package dev.slipway.server;

import dev.slipway.server.http.TokenFile;
import dev.slipway.server.link.LinkKey;
import dev.slipway.server.secret.FirstKey;
import java.io.IOException;
import java.nio.file.Path;

/// What the servers of one platform have in common besides the journal: the hash of the access
/// token, the key of secrets and the key of links. One server alone makes its own.
public final class CommonKeys {
  private CommonKeys() {}

  /// Makes all of them.
  ///
  /// @param directory an empty one, which nobody else can read
  /// @return the access token, which nothing keeps
  /// @throws IOException when the disk does not take them
  public static TokenFile.NewToken makeIn(Path directory) throws IOException {
    FirstKey.makeIn(directory);
    LinkKey.in(directory);
    return TokenFile.loadOrCreate(directory.resolve(TokenFile.NAME)).made().orElseThrow();
  }
}
