package dev.slipway.cli.server;

import dev.slipway.engine.kubernetes.ManifestServers;
import dev.slipway.server.CommonKeys;
import dev.slipway.server.http.TokenFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/// The keys that several servers in a cluster have in common, as a Secret. They are made in a
/// directory of its own, which is removed at once.
///
/// @param token the access token, which nothing else tells
/// @param yaml for `kubectl create -f -`, which never replaces keys that are there
record KeysSecret(TokenFile.NewToken token, String yaml) {
  /// @param namespace where the servers run
  /// @throws IOException when no file can be made on this machine
  static KeysSecret make(String namespace) throws IOException {
    Path directory = Files.createTempDirectory("slipway-keys-");
    Map<String, String> files = new TreeMap<>();
    try {
      TokenFile.NewToken token = CommonKeys.makeIn(directory);
      try (DirectoryStream<Path> made = Files.newDirectoryStream(directory)) {
        for (Path file : made) {
          byte[] content = Files.readAllBytes(file);
          files.put(
              String.valueOf(file.getFileName()), Base64.getEncoder().encodeToString(content));
        }
      }
      return new KeysSecret(token, ManifestServers.keysSecret(namespace, files));
    } finally {
      try (DirectoryStream<Path> made = Files.newDirectoryStream(directory)) {
        for (Path file : made) {
          Files.deleteIfExists(file);
        }
      }
      Files.deleteIfExists(directory);
    }
  }
}
