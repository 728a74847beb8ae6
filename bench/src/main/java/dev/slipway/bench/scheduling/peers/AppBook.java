package dev.slipway.bench.scheduling.peers;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/// Where the tasks of one app stand, counted by each attribute that some rule asks about.
final class AppBook {
  /// Tasks by value.
  static final class Count {
    final Attribute attribute;
    final int[] byValue;

    Count(Attribute attribute) {
      this.attribute = attribute;
      byValue = new int[attribute.hostsOf.length];
    }

    /// Of the value that a host has; none where it has no value.
    int at(int host) {
      int value = attribute.of[host];
      return value < 0 ? 0 : byValue[value];
    }

    void add(int host, int change) {
      int value = attribute.of[host];
      if (value >= 0) {
        byValue[value] += change;
      }
    }
  }

  private final Map<String, Count> byAttribute = new HashMap<>();
  private Count[] counts = {};
  private int[] hosts = new int[16];
  private int total;

  int total() {
    return total;
  }

  /// Kept up to date from now on.
  Count count(String attribute, Function<String, Attribute> attributes) {
    return byAttribute.computeIfAbsent(attribute, name -> begin(attributes.apply(name)));
  }

  private Count begin(Attribute attribute) {
    var count = new Count(attribute);
    for (int i = 0; i < total; i++) {
      count.add(hosts[i], 1);
    }
    counts = Arrays.copyOf(counts, counts.length + 1);
    counts[counts.length - 1] = count;
    return count;
  }

  void add(int host) {
    if (total == hosts.length) {
      hosts = Arrays.copyOf(hosts, 2 * total);
    }
    hosts[total++] = host;
    for (Count count : counts) {
      count.add(host, 1);
    }
  }

  void remove(int host) {
    int i = total - 1;
    while (hosts[i] != host) {
      i--;
    }
    hosts[i] = hosts[--total];
    for (Count count : counts) {
      count.add(host, -1);
    }
  }
}
