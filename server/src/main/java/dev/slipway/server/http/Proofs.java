package dev.slipway.server.http;

import java.util.Optional;

/// Addresses that prove themselves, by a signature in them. Nobody is asked for a token there.
public interface Proofs {
  /// What their paths begin with.
  String beginning();

  /// Why a request is not let through, if it is not.
  ///
  /// @param path as the client wrote it
  /// @param query without the question mark; empty where there is none
  Optional<Refusal> refusal(String path, String query);
}
