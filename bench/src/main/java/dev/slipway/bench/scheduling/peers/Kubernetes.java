package dev.slipway.bench.scheduling.peers;

import java.util.Random;

/// kube-scheduler's choice: nodes are looked at in turn, beginning where the last decision ended,
/// until enough feasible ones are found (percentageOfNodesToScore: `50 - nodes / 125` percent, at
/// least 5 percent and at least 100 nodes); of those the one with the best mean score of cpu and
/// memory, by lot among equals. LeastAllocated prefers what is free, MostAllocated what is taken.
/// Its other scoring plugins are left out.
final class Kubernetes implements Chooser {
  private static final int FEWEST = 100;
  private static final int LEAST_PERCENT = 5;

  private final Stock stock;
  private final boolean most;
  private final int enough;
  private final Random random = new Random(1);
  private final long[][] capacity;
  private int next;

  Kubernetes(Stock stock, boolean most, boolean exhaustive) {
    this.stock = stock;
    this.most = most;
    this.enough = exhaustive ? stock.size() : enough(stock.size());
    capacity = new long[2][stock.size()];
    for (int host = 0; host < stock.size(); host++) {
      capacity[0][host] = stock.hosts().get(host).capacity().of(0);
      capacity[1][host] = stock.hosts().get(host).capacity().of(1);
    }
  }

  static int enough(int nodes) {
    if (nodes < FEWEST) {
      return nodes;
    }
    int percent = Math.max(LEAST_PERCENT, 50 - nodes / 125);
    return Math.max(FEWEST, nodes * percent / 100);
  }

  @Override
  public int choose(Demand demand) {
    int best = NONE;
    long bestScore = -1;
    int equals = 0;
    int found = 0;
    int size = stock.size();
    int looked = 0;
    int host = next;
    while (looked < size && found < enough) {
      if (stock.isFeasible(demand, host)) {
        found++;
        long score = score(demand, host);
        if (score > bestScore) {
          bestScore = score;
          best = host;
          equals = 1;
        } else if (score == bestScore && random.nextInt(++equals) == 0) {
          best = host;
        }
      }
      looked++;
      host = host + 1 == size ? 0 : host + 1;
    }
    next = host;
    return best;
  }

  private long score(Demand demand, int host) {
    return (score(demand, host, 0) + score(demand, host, 1)) / 2;
  }

  private long score(Demand demand, int host, int dimension) {
    long there = capacity[dimension][host];
    long left = stock.free(dimension, host) - demand.request[dimension];
    return (most ? there - left : left) * 100 / there;
  }
}
