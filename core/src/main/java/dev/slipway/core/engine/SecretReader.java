package dev.slipway.core.engine;

import java.util.Optional;

/// Where an engine gets the values of the secrets that a task refers to, at the moment it starts
/// the task. Launches carry only the sources, so that no value reaches the journal or an engine's
/// own records.
///
/// Calls block on the disk or the network and come from any thread.
public interface SecretReader {
  /// A store that holds nothing.
  SecretReader NONE = _ -> Optional.empty();

  /// The current value of the secret, or nothing when the store holds none of that name.
  ///
  /// @param source the name in the store, such as `shop/db/password`
  /// @throws SecretUnreadable when the store cannot tell: its database or its key is out of reach
  /// or
  ///     damaged. The message is fit for people and holds no value
  Optional<SecretValue> read(String source);
}
