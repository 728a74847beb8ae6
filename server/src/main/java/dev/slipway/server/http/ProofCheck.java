package dev.slipway.server.http;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Looks at the addresses that prove themselves.
///
/// Whoever shows too many that do not is answered no more for a while. One that does is let through
/// all the same: it cannot be guessed, and others may share the client's address.
final class ProofCheck {
  private final List<Proofs> proofs;
  private final FailedLogins failures = new FailedLogins(System::nanoTime);

  ProofCheck(List<Proofs> proofs) {
    this.proofs = List.copyOf(proofs);
  }

  boolean covers(String path) {
    return proofs.stream().anyMatch(proof -> path.startsWith(proof.beginning()));
  }

  /// @param address the client's
  Optional<Refusal> check(String path, String query, String address) {
    Optional<Refusal> refusal =
        proofs.stream()
            .filter(proof -> path.startsWith(proof.beginning()))
            .findFirst()
            .flatMap(proof -> proof.refusal(path, query));
    if (refusal.isEmpty()) {
      return refusal;
    }
    Optional<Duration> wait = failures.blocked(address);
    if (wait.isPresent()) {
      return Optional.of(
          new Refusal(
              429,
              "too many wrong links from this address; try again later",
              Map.of("Retry-After", String.valueOf(wait.get().toSeconds() + 1))));
    }
    failures.failed(address);
    return refusal;
  }
}
