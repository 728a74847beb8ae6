package dev.slipway.core.collection;

import dev.slipway.core.collection.PersistentMap.Difference;
import dev.slipway.core.collection.PersistentMap.Tree;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// A walk through a tree in order that unfolds subtrees only when asked to, so that two walks can
/// pass over what both trees share.
final class Unfolding<K extends Comparable<K>, V> {
  /// @param whole whether the subtrees are still to come, too
  private record Item<K, V>(Tree<K, V> tree, boolean whole) {}

  /// The next one on top.
  private final Deque<Item<K, V>> rest = new ArrayDeque<>();

  private Unfolding(@Nullable Tree<K, V> root) {
    push(root, true);
  }

  /// Tells how two trees differ, in the order of the keys.
  @SuppressWarnings("ReferenceEquality") // What is shared is what is the same object.
  static <K extends Comparable<K>, V> void compare(
      @Nullable Tree<K, V> before,
      @Nullable Tree<K, V> after,
      Difference<? super K, ? super V> told) {
    var left = new Unfolding<K, V>(before);
    var right = new Unfolding<K, V>(after);
    while (true) {
      var one = left.rest.peek();
      var other = right.rest.peek();
      if (one == null && other == null) {
        return;
      }
      if (one != null && other != null && one.tree == other.tree && one.whole == other.whole) {
        left.rest.pop();
        right.rest.pop();
      } else if (one != null && one.whole && size(one) >= size(other)) {
        left.unfold();
      } else if (other != null && other.whole) {
        right.unfold();
      } else {
        tellNext(left, right, told);
      }
    }
  }

  /// What is not whole any more is but one entry.
  private static int size(@Nullable Item<?, ?> item) {
    return item == null ? 0 : item.whole ? item.tree.size() : 1;
  }

  /// Both walks stand before a single entry, or at their end.
  @SuppressWarnings("ReferenceEquality") // Another object may be another value.
  private static <K extends Comparable<K>, V> void tellNext(
      Unfolding<K, V> left, Unfolding<K, V> right, Difference<? super K, ? super V> told) {
    var one = left.rest.peek();
    var other = right.rest.peek();
    if (other == null || (one != null && one.tree.key().compareTo(other.tree.key()) < 0)) {
      var gone = left.rest.pop().tree;
      told.at(gone.key(), gone.value(), null);
      return;
    }
    var tree = right.rest.pop().tree;
    if (one == null || one.tree.key().compareTo(tree.key()) > 0) {
      told.at(tree.key(), null, tree.value());
      return;
    }
    left.rest.pop();
    if (one.tree.value() != tree.value()) {
      told.at(tree.key(), one.tree.value(), tree.value());
    }
  }

  private void unfold() {
    var tree = rest.pop().tree;
    push(tree.right(), true);
    push(tree, false);
    push(tree.left(), true);
  }

  private void push(@Nullable Tree<K, V> tree, boolean whole) {
    if (tree != null) {
      rest.push(new Item<>(tree, whole));
    }
  }
}
