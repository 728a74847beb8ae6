package dev.slipway.bench.scheduling.peers;

import dev.slipway.bench.scheduling.Host;
import dev.slipway.bench.scheduling.Referee;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An attribute of the hosts with its values as numbers.
final class Attribute {
  /// For each host the number of its value; -1 where it has none.
  final int[] of;

  /// For each value its hosts.
  final int[][] hostsOf;

  private Attribute(int[] of, int[][] hostsOf) {
    this.of = of;
    this.hostsOf = hostsOf;
  }

  static Attribute read(String name, List<Host> hosts) {
    int[] of = new int[hosts.size()];
    Map<String, Integer> numbers = new HashMap<>();
    for (Host host : hosts) {
      String value = name.equals(Referee.HOSTNAME) ? host.name() : host.attributes().get(name);
      of[host.index()] = value == null ? -1 : numbers.computeIfAbsent(value, _ -> numbers.size());
    }
    int[] sizes = new int[numbers.size()];
    for (int value : of) {
      if (value >= 0) {
        sizes[value]++;
      }
    }
    int[][] hostsOf = new int[numbers.size()][];
    Arrays.setAll(hostsOf, value -> new int[sizes[value]]);
    for (int host = of.length - 1; host >= 0; host--) {
      if (of[host] >= 0) {
        hostsOf[of[host]][--sizes[of[host]]] = host;
      }
    }
    return new Attribute(of, hostsOf);
  }
}
