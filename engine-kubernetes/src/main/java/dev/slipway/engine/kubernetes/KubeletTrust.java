package dev.slipway.engine.kubernetes;

/// How kubelets are asked what tasks use. The server shows them its own credentials, so that it
/// matters who answers.
public enum KubeletTrust {
  /// They are not asked; nothing is known of what tasks use.
  OFF,
  /// Only those whose certificates the cluster's authority has signed are asked.
  VERIFIED,
  /// All are asked, whatever certificate they show, and are shown no credentials: it works where
  /// kubelets answer anybody, as in clusters for trying things out. Whoever sits between the server
  /// and a node could invent what tasks use.
  INSECURE
}
