package dev.slipway.server.marathon.event;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/// Where it is kept who is to be called back.
public interface SubscriptionStore {
  /// What was kept last; empty at first, and when it cannot be read.
  List<URI> read();

  /// Keeps these, in place of what was kept before.
  ///
  /// @throws java.io.UncheckedIOException when it does not work; what was kept before still is
  void write(List<URI> subscriptions);

  /// As long as the program runs.
  static SubscriptionStore inMemory() {
    List<URI> kept = new ArrayList<>();
    return new SubscriptionStore() {
      @Override
      public synchronized List<URI> read() {
        return List.copyOf(kept);
      }

      @Override
      public synchronized void write(List<URI> subscriptions) {
        kept.clear();
        kept.addAll(subscriptions);
      }
    };
  }
}
