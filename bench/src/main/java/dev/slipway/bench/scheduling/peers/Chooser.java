package dev.slipway.bench.scheduling.peers;

/// Which host a policy takes.
interface Chooser {
  int NONE = -1;

  /// @return a host that is feasible, or [#NONE]; `demand` has been prepared
  int choose(Demand demand);
}
