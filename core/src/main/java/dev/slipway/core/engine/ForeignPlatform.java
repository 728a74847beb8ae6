package dev.slipway.core.engine;

/// The tasks that an engine keeps are another platform's, or it was given up by a person. The order
/// was not carried out. Whoever hears it stops leading; a person has to decide whose the tasks are.
public final class ForeignPlatform extends RuntimeException {
  private static final long serialVersionUID = 1;

  /// @param message for people: whose the tasks are, why the order was refused, how to mend it
  public ForeignPlatform(String message) {
    super(message);
  }
}
