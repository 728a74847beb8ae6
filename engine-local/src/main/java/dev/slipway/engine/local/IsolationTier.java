package dev.slipway.engine.local;

/// How far tasks are kept apart from the machine and from each other, weakest first. Which tiers a
/// machine allows is found by trying them.
public enum IsolationTier {
  /// A session of its own, limits on files, no new privileges; as root also an account per app.
  PROCESS("process"),
  /// For a platform that is not root: own process, mount and IPC namespaces inside a user
  /// namespace.
  USER_NAMESPACES("user-namespaces"),
  /// For root: own process, mount and IPC namespaces, an account per app, no capabilities.
  NAMESPACES("namespaces"),
  /// As `NAMESPACES`, and the task sees a file system made for it: the system's directories
  /// read-only, a private `/tmp`, its own sandbox, nothing else.
  BUBBLEWRAP("bubblewrap");

  private final String label;

  IsolationTier(String label) {
    this.label = label;
  }

  /// The name that users read and write.
  public String label() {
    return label;
  }

  /// Whether tasks run below a process 1 of their own, whose end is the end of them all.
  boolean hasOwnProcesses() {
    return this != PROCESS;
  }

  /// The tier that users call `label`.
  ///
  /// @throws IllegalArgumentException naming the labels there are
  public static IsolationTier of(String label) {
    for (IsolationTier tier : values()) {
      if (tier.label.equals(label)) {
        return tier;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + label
            + "' is not an isolation tier: use process, user-namespaces, namespaces or bubblewrap");
  }

  @Override
  public String toString() {
    return label;
  }
}
