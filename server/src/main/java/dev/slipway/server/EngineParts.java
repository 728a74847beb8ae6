package dev.slipway.server;

import dev.slipway.artifacts.Fetcher;
import dev.slipway.core.engine.Engine;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.engine.kubernetes.ArtifactLinks;
import java.io.IOException;
import java.nio.file.Path;

/// An engine and what people are told of it.
///
/// @param engine not yet started; the server closes it
/// @param isolation how tasks are kept apart
/// @param hostname the name by which clients on other machines may know this one
/// @param nodes how many nodes it offers at first
public record EngineParts(Engine engine, String isolation, String hostname, int nodes) {

  /// Makes the engine that a server runs tasks with.
  @FunctionalInterface
  public interface Factory {
    /// @throws IOException when the engine cannot work here
    EngineParts make(Means means) throws IOException;
  }

  /// What a server gives its engine to work with.
  ///
  /// @param data the server's directory
  /// @param fetcher fetches into sandboxes
  /// @param secrets reads what tasks are given of the store
  /// @param links how pods come to the store's artifacts
  public record Means(Path data, Fetcher fetcher, SecretReader secrets, ArtifactLinks links) {}
}
