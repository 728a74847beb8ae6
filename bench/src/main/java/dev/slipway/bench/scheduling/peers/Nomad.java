package dev.slipway.bench.scheduling.peers;

import java.util.Random;

/// Nomad's choice for services: of the first log2(n) feasible nodes in random order the one with
/// the best bin-packing score, `20 - (10^free cpu + 10^free memory)`, free as shares of the node
/// after placing (ScoreFitBinPack, LimitIterator). Its other scores, of which each only matters
/// where a job asks for it, are left out. Nodes are drawn as they are looked at, which gives the
/// order that shuffling all of them gives at less cost.
final class Nomad implements Chooser {
  private final Stock stock;
  private final int limit;
  private final Random random = new Random(1);
  private final int[] order;

  Nomad(Stock stock, boolean exhaustive) {
    this.stock = stock;
    int nodes = stock.size();
    int logarithm = (int) Math.ceil(Math.log(nodes) / Math.log(2));
    limit = exhaustive ? nodes : Math.max(2, logarithm);
    order = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      order[i] = i;
    }
  }

  @Override
  public int choose(Demand demand) {
    int best = NONE;
    double most = Double.NEGATIVE_INFINITY;
    int found = 0;
    for (int i = 0; i < order.length && found < limit; i++) {
      int host = draw(i);
      if (stock.isFeasible(demand, host)) {
        found++;
        double score = score(demand, host);
        if (score > most) {
          most = score;
          best = host;
        }
      }
    }
    return best;
  }

  /// The next one of an order by lot; where all are looked at, their order is of no account.
  private int draw(int turn) {
    if (limit == order.length) {
      return turn;
    }
    int drawn = turn + random.nextInt(order.length - turn);
    int host = order[drawn];
    order[drawn] = order[turn];
    order[turn] = host;
    return host;
  }

  private double score(Demand demand, int host) {
    double total =
        Math.pow(10, freeShare(demand, host, 0)) + Math.pow(10, freeShare(demand, host, 1));
    return Math.clamp(20 - total, 0, 18);
  }

  private double freeShare(Demand demand, int host, int dimension) {
    double capacity = stock.hosts().get(host).capacity().of(dimension);
    return (stock.free(dimension, host) - demand.request[dimension]) / capacity;
  }
}
