package dev.slipway.bench.scheduling.peers;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Policy;
import dev.slipway.bench.scheduling.Task;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A policy built anew: books, and a way of choosing.
final class StockPolicy implements Policy {
  /// Begins a way of choosing on new books.
  interface Beginning {
    Chooser begin(Stock stock, List<Task> expected);
  }

  private final String name;
  private final Beginning beginning;
  private @Nullable Stock stock;
  private @Nullable Chooser chooser;

  StockPolicy(String name, Beginning beginning) {
    this.name = name;
    this.beginning = beginning;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void start(List<Host> hosts, List<Task> expected) {
    var fresh = new Stock(hosts);
    expected.forEach(fresh::demand);
    stock = fresh;
    chooser = beginning.begin(fresh, expected);
  }

  @Override
  public boolean place(Task task, Choice choice) {
    Stock books = Objects.requireNonNull(stock);
    Demand demand = books.demand(task);
    books.prepare(demand);
    int host = Objects.requireNonNull(chooser).choose(demand);
    if (host == Chooser.NONE) {
      return false;
    }
    books.take(demand, host, choice);
    return true;
  }

  @Override
  public void remove(Task task, Choice choice) {
    Stock books = Objects.requireNonNull(stock);
    books.enter(books.demand(task), choice, -1);
  }

  @Override
  public boolean adopt(Task task, Choice choice) {
    Stock books = Objects.requireNonNull(stock);
    books.enter(books.demand(task), choice, 1);
    return true;
  }
}
