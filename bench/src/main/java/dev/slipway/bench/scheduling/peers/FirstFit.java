package dev.slipway.bench.scheduling.peers;

/// The first host that does.
record FirstFit(Stock stock) implements Chooser {
  @Override
  public int choose(Demand demand) {
    for (int host = 0; host < stock.size(); host++) {
      if (stock.isFeasible(demand, host)) {
        return host;
      }
    }
    return NONE;
  }
}
