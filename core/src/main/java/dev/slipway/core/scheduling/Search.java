package dev.slipway.core.scheduling;

/// The search for one asker, with what it prepared once: kept by the asker from one decision to the
/// next.
sealed interface Search permits SearchOfFew, SearchByRank {
  /// The best node, or {@link Tournament#NOBODY} where none will do.
  int best();

  /// Whether what it prepared still holds.
  boolean isValid(Parts parts);
}
