package dev.slipway.core.engine;

import dev.slipway.core.app.Fetch;
import java.nio.file.Path;
import java.util.List;

/// Puts artifacts into sandboxes; engines that prepare sandboxes themselves are given one.
public interface ArtifactFetcher {
  /// Fetches all of `artifacts` into `sandbox`, in order, or nothing: what an unfinished fetch
  /// wrote is removed again. Blocks; an interrupted thread stops soon.
  ///
  /// @param user names whose cache entries may be shared
  /// @throws FetchFailure with a line for the user: which address, what happened
  void fetch(List<Fetch> artifacts, Path sandbox, String user)
      throws FetchFailure, InterruptedException;

  /// An artifact that could not be fetched.
  final class FetchFailure extends Exception {
    private static final long serialVersionUID = 1;

    public FetchFailure(String message) {
      super(message);
    }

    public FetchFailure(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
