package dev.slipway.core.collection;

import java.util.AbstractMap;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// An immutable sorted map. `put` and `remove` give a new map that shares all but a path of the old
/// one, so that a snapshot costs nothing and a change costs the logarithm of the size.
///
/// A weight-balanced tree (Adams 1993, with the parameters 3 and 2 proved right by Hirai and
/// Yamamoto
/// 2011). Iteration is in the order of the keys. Safe for any number of readers.
public final class PersistentMap<K extends Comparable<K>, V> implements Iterable<Map.Entry<K, V>> {
  private static final int DELTA = 3;
  private static final int GAMMA = 2;
  private static final PersistentMap<?, ?> EMPTY = new PersistentMap<>(null);

  record Tree<K, V>(
      K key, V value, @Nullable Tree<K, V> left, @Nullable Tree<K, V> right, int size) {}

  private final @Nullable Tree<K, V> root;

  private PersistentMap(@Nullable Tree<K, V> root) {
    this.root = root;
  }

  @SuppressWarnings("unchecked") // The empty map holds neither keys nor values.
  public static <K extends Comparable<K>, V> PersistentMap<K, V> empty() {
    return (PersistentMap<K, V>) EMPTY;
  }

  public static <K extends Comparable<K>, V> PersistentMap<K, V> copyOf(Map<K, V> map) {
    PersistentMap<K, V> result = empty();
    for (var entry : map.entrySet()) {
      result = result.put(entry.getKey(), entry.getValue());
    }
    return result;
  }

  public int size() {
    return size(root);
  }

  public boolean isEmpty() {
    return root == null;
  }

  public @Nullable V get(K key) {
    var tree = root;
    while (tree != null) {
      int order = key.compareTo(tree.key);
      if (order == 0) {
        return tree.value;
      }
      tree = order < 0 ? tree.left : tree.right;
    }
    return null;
  }

  public V getOrDefault(K key, V otherwise) {
    V value = get(key);
    return value == null ? otherwise : value;
  }

  public boolean containsKey(K key) {
    return get(key) != null;
  }

  public PersistentMap<K, V> put(K key, V value) {
    return new PersistentMap<>(insert(root, key, Objects.requireNonNull(value)));
  }

  public PersistentMap<K, V> remove(K key) {
    return containsKey(key) ? new PersistentMap<>(delete(root, key)) : this;
  }

  public void forEach(BiConsumer<? super K, ? super V> action) {
    for (var entry : this) {
      action.accept(entry.getKey(), entry.getValue());
    }
  }

  public Iterable<K> keys() {
    return () -> new Walk<>(entries(root, null), Map.Entry::getKey);
  }

  public Iterable<V> values() {
    return () -> new Walk<>(entries(root, null), Map.Entry::getValue);
  }

  /// The entries from `first` on, in order.
  public Iterable<Map.Entry<K, V>> from(K first) {
    return () -> entries(root, first);
  }

  /// Is told how two maps differ; null where a key is not there.
  @FunctionalInterface
  public interface Difference<K, V> {
    void at(K key, @Nullable V before, @Nullable V after);
  }

  /// Tells each key whose value is another object than before, in order. What both maps share is
  /// not walked, so that it costs what changed between them, times the logarithm of the size.
  public void changesSince(PersistentMap<K, V> earlier, Difference<? super K, ? super V> told) {
    Unfolding.compare(earlier.root, root, told);
  }

  @Override
  public Iterator<Map.Entry<K, V>> iterator() {
    return entries(root, null);
  }

  @Override
  @SuppressWarnings(
      "ReferenceEquality") // One tree is equal to itself; only then need nobody walk it.
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof PersistentMap<?, ?> map) || map.size() != size()) {
      return false;
    }
    if (map.root == root) {
      return true;
    }
    var theirs = map.iterator();
    for (var entry : this) {
      if (!entry.equals(theirs.next())) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int hash = 0;
    for (var entry : this) {
      hash = 31 * hash + entry.hashCode();
    }
    return hash;
  }

  @Override
  public String toString() {
    var text = new StringBuilder("{");
    for (var entry : this) {
      text.append(text.length() > 1 ? ", " : "").append(entry);
    }
    return text.append('}').toString();
  }

  /// The length of the longest path from the root, for the tests: balance is what keeps it short.
  int depth() {
    return depth(root);
  }

  private static int depth(@Nullable Tree<?, ?> tree) {
    return tree == null ? 0 : 1 + Math.max(depth(tree.left), depth(tree.right));
  }

  private static int size(@Nullable Tree<?, ?> tree) {
    return tree == null ? 0 : tree.size;
  }

  private static <K, V> Tree<K, V> tree(
      K key, V value, @Nullable Tree<K, V> left, @Nullable Tree<K, V> right) {
    return new Tree<>(key, value, left, right, size(left) + size(right) + 1);
  }

  private static <K extends Comparable<K>, V> Tree<K, V> insert(
      @Nullable Tree<K, V> tree, K key, V value) {
    if (tree == null) {
      return new Tree<>(key, value, null, null, 1);
    }
    int order = key.compareTo(tree.key);
    if (order == 0) {
      return new Tree<>(key, value, tree.left, tree.right, tree.size);
    }
    return order < 0
        ? balance(tree.key, tree.value, insert(tree.left, key, value), tree.right)
        : balance(tree.key, tree.value, tree.left, insert(tree.right, key, value));
  }

  private static <K extends Comparable<K>, V> @Nullable Tree<K, V> delete(
      @Nullable Tree<K, V> tree, K key) {
    if (tree == null) {
      return null;
    }
    int order = key.compareTo(tree.key);
    if (order < 0) {
      return balance(tree.key, tree.value, delete(tree.left, key), tree.right);
    }
    if (order > 0) {
      return balance(tree.key, tree.value, tree.left, delete(tree.right, key));
    }
    if (tree.left == null) {
      return tree.right;
    }
    if (tree.right == null) {
      return tree.left;
    }
    var successor = first(tree.right);
    return balance(successor.key, successor.value, tree.left, delete(tree.right, successor.key));
  }

  private static <K, V> Tree<K, V> first(Tree<K, V> tree) {
    var result = tree;
    while (result.left != null) {
      result = result.left;
    }
    return result;
  }

  private static <K, V> Tree<K, V> balance(
      K key, V value, @Nullable Tree<K, V> left, @Nullable Tree<K, V> right) {
    int leftWeight = size(left) + 1;
    int rightWeight = size(right) + 1;
    if (right != null && rightWeight > DELTA * leftWeight) {
      return leanLeft(key, value, left, right);
    }
    if (left != null && leftWeight > DELTA * rightWeight) {
      return leanRight(key, value, left, right);
    }
    return tree(key, value, left, right);
  }

  private static <K, V> Tree<K, V> leanLeft(
      K key, V value, @Nullable Tree<K, V> left, Tree<K, V> right) {
    var inner = right.left;
    if (inner == null || size(inner) + 1 < GAMMA * (size(right.right) + 1)) {
      return tree(right.key, right.value, tree(key, value, left, inner), right.right);
    }
    return tree(
        inner.key,
        inner.value,
        tree(key, value, left, inner.left),
        tree(right.key, right.value, inner.right, right.right));
  }

  private static <K, V> Tree<K, V> leanRight(
      K key, V value, Tree<K, V> left, @Nullable Tree<K, V> right) {
    var inner = left.right;
    if (inner == null || size(inner) + 1 < GAMMA * (size(left.left) + 1)) {
      return tree(left.key, left.value, left.left, tree(key, value, inner, right));
    }
    return tree(
        inner.key,
        inner.value,
        tree(left.key, left.value, left.left, inner.left),
        tree(key, value, inner.right, right));
  }

  private static <K extends Comparable<K>, V> Iterator<Map.Entry<K, V>> entries(
      @Nullable Tree<K, V> root, @Nullable K from) {
    Deque<Tree<K, V>> path = new ArrayDeque<>();
    var tree = root;
    while (tree != null) {
      if (from != null && tree.key.compareTo(from) < 0) {
        tree = tree.right;
        continue;
      }
      path.push(tree);
      tree = tree.left;
    }
    return new InOrder<>(path);
  }

  /// Holds the trees whose left side has been given out, the next one on top.
  private record InOrder<K, V>(Deque<Tree<K, V>> path) implements Iterator<Map.Entry<K, V>> {
    @Override
    public boolean hasNext() {
      return !path.isEmpty();
    }

    @Override
    public Map.Entry<K, V> next() {
      var next = path.poll();
      if (next == null) {
        throw new NoSuchElementException();
      }
      for (var tree = next.right; tree != null; tree = tree.left) {
        path.push(tree);
      }
      return new AbstractMap.SimpleImmutableEntry<>(next.key, next.value);
    }
  }

  private record Walk<E, R>(Iterator<E> inner, java.util.function.Function<E, R> part)
      implements Iterator<R> {
    @Override
    public boolean hasNext() {
      return inner.hasNext();
    }

    @Override
    public R next() {
      return part.apply(inner.next());
    }
  }
}
