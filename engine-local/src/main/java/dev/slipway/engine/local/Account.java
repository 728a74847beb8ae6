package dev.slipway.engine.local;

import java.util.Optional;

/// Whom a task runs as.
///
/// @param name an account of this machine, whose groups the task gets; without one the numbers
/// belong to
///     nobody else
record Account(int uid, int gid, Optional<String> name) {
  /// A name under which downloads may be kept apart from those of others.
  String label() {
    return name.orElse("uid-" + uid);
  }
}
