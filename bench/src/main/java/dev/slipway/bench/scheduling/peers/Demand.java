package dev.slipway.bench.scheduling.peers;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Referee;
import dev.slipway.bench.scheduling.Task;
import dev.slipway.bench.scheduling.Task.Rule;
import java.util.ArrayList;
import java.util.List;

/// What tasks of one app ask for, made ready to be held against hosts.
final class Demand {
  /// At most so many tasks of the app at a value.
  record Limit(AppBook.Count count, int most) {}

  /// No value may have more than `skew` tasks beyond another.
  record Even(AppBook.Count count, int skew) {}

  /// Where another app is or is not.
  record Near(AppBook app, AppBook.Count count, boolean wanted) {}

  final AppBook app;
  final long[] request;
  final int devices;
  final int share;

  /// One bit a host: its labels, pool and devices do, whatever stands on it.
  final long[] eligible;

  /// For each port the hosts where it is taken.
  final long[][] ports;

  final Limit[] limits;
  final Even[] evens;
  final Near[] nears;

  Demand(Task task, Stock stock) {
    app = stock.app(task.app());
    request = new long[task.request().dimensions()];
    for (int d = 0; d < request.length; d++) {
      request[d] = task.request().of(d);
    }
    devices = (task.milliGpus() + Stock.WHOLE - 1) / Stock.WHOLE;
    share = Math.min(task.milliGpus(), Stock.WHOLE);
    ports = task.ports().stream().map(stock::portHolders).toArray(long[][]::new);
    List<Limit> atMost = new ArrayList<>();
    List<Even> spreads = new ArrayList<>();
    List<Near> others = new ArrayList<>();
    List<Rule.Attribute> labels = new ArrayList<>();
    List<AppBook.Count> present = new ArrayList<>();
    for (Rule rule : task.rules()) {
      switch (rule) {
        case Rule.Attribute label -> labels.add(label);
        case Rule.AtMost(String attribute, int most) -> {
          var limit = new Limit(stock.count(app, attribute), most);
          present.add(limit.count());
          atMost.add(limit);
        }
        case Rule.Spread(String attribute, int skew) -> {
          var even = new Even(stock.count(app, attribute), skew);
          present.add(even.count());
          spreads.add(even);
        }
        case Rule.Apart(String other, String attribute) -> {
          AppBook book = stock.app(other);
          others.add(new Near(book, stock.count(book, attribute), false));
        }
        case Rule.Together(String other, String attribute) -> {
          AppBook book = stock.app(other);
          others.add(new Near(book, stock.count(book, attribute), true));
        }
      }
    }
    limits = atMost.toArray(Limit[]::new);
    evens = spreads.toArray(Even[]::new);
    nears = others.toArray(Near[]::new);
    eligible = new long[(stock.hosts().size() + Long.SIZE - 1) / Long.SIZE];
    for (Host host : stock.hosts()) {
      boolean isThere = present.stream().allMatch(count -> count.attribute.of[host.index()] >= 0);
      if (isThere && isEligible(task, labels, host)) {
        eligible[host.index() >> 6] |= 1L << host.index();
      }
    }
  }

  private static boolean isEligible(Task task, List<Rule.Attribute> labels, Host host) {
    boolean hasModel =
        task.milliGpus() == 0
            || (host.gpus() > 0
                && (task.gpuModels().isEmpty() || task.gpuModels().contains(host.gpuModel())));
    return hasModel
        && labels.stream().allMatch(label -> value(host, label.name()).equals(label.value()))
        && host.dedicated().stream()
            .allMatch(name -> labels.stream().anyMatch(label -> label.name().equals(name)));
  }

  private static String value(Host host, String attribute) {
    return attribute.equals(Referee.HOSTNAME)
        ? host.name()
        : host.attributes().getOrDefault(attribute, "");
  }
}
