package dev.slipway.bench.scheduling.peers;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Task;
import java.util.List;

/// Looks at all hosts and takes the one of which the least stays free, each dimension weighed by
/// how scarce it is: what the expected tasks ask of it as a share of what there is.
final class BestFit implements Chooser {
  private final Stock stock;
  private final double[] weights;

  private BestFit(Stock stock, double[] weights) {
    this.stock = stock;
    this.weights = weights;
  }

  static BestFit begin(Stock stock, List<Task> expected) {
    int dimensions = stock.hosts().getFirst().capacity().dimensions();
    double[] weights = new double[dimensions];
    for (int d = 0; d < dimensions; d++) {
      double there = 0;
      for (Host host : stock.hosts()) {
        there += host.capacity().of(d);
      }
      double asked = 0;
      for (Task task : expected) {
        asked += task.request().of(d);
      }
      double mean = there / stock.size();
      weights[d] = there == 0 ? 0 : asked / there / mean;
    }
    return new BestFit(stock, weights);
  }

  @Override
  public int choose(Demand demand) {
    int best = NONE;
    double least = Double.POSITIVE_INFINITY;
    for (int host = 0; host < stock.size(); host++) {
      double left = 0;
      for (int d = 0; d < weights.length; d++) {
        left += weights[d] * stock.free(d, host);
      }
      // What is taken is the same everywhere, so that it need not be taken off.
      if (left < least && stock.isFeasible(demand, host)) {
        least = left;
        best = host;
      }
    }
    return best;
  }
}
