package dev.slipway.core.app;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// Unmodifiable copies whose order does not depend on how they were filled.
public final class Sorted {
  private Sorted() {}

  public static <K extends Comparable<K>, V> SortedMap<K, V> copyOf(Map<K, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }

  public static <E extends Comparable<E>> SortedSet<E> setOf(Collection<E> elements) {
    return Collections.unmodifiableSortedSet(new TreeSet<>(elements));
  }
}
