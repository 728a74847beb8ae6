package dev.slipway.server.secret;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Makes the key that secrets are sealed with before there is any: servers that share a journal
/// have it in common, so that none of them may make its own.
public final class FirstKey {
  private FirstKey() {}

  /// @param directory has no such key yet
  /// @throws IOException when the disk does not take it
  public static void makeIn(Path directory) throws IOException {
    new KeyFile(directory.resolve(KeyFile.NAME))
        .write(new SealingKeys(List.of(SealingKey.random())));
  }
}
