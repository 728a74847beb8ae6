package dev.slipway.core.collection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {
  private static final int OPERATIONS = 100_000;

  @ParameterizedTest
  @ValueSource(ints = {20, 1_000, 50_000})
  void doesWhatATreeMapDoes(int keys) {
    var random = new Random(keys);
    Map<Integer, Integer> expected = new TreeMap<>();
    PersistentMap<Integer, Integer> map = PersistentMap.empty();
    for (int i = 0; i < OPERATIONS; i++) {
      int key = random.nextInt(keys);
      if (random.nextInt(5) < 3) {
        expected.put(key, i);
        map = map.put(key, i);
      } else {
        expected.remove(key);
        map = map.remove(key);
      }
      assertThat(map.size()).isEqualTo(expected.size());
      assertThat(map.get(key)).isEqualTo(expected.get(key));
      if (i % 5_000 == 0) {
        assertSame(map, expected);
      }
    }
    assertSame(map, expected);
    for (Integer key : List.copyOf(expected.keySet())) {
      map = map.remove(key);
    }
    assertThat(map.isEmpty()).isTrue();
    assertThat(map).isEqualTo(PersistentMap.empty());
  }

  private static void assertSame(
      PersistentMap<Integer, Integer> map, Map<Integer, Integer> expected) {
    assertThat(map).containsExactlyElementsOf(expected.entrySet());
    assertThat(map).isEqualTo(PersistentMap.copyOf(expected));
    assertBalanced(map);
  }

  /// A side holds at most three quarters of a tree's weight, so no path is longer than the
  /// logarithm of the weight to the base 4/3.
  private static void assertBalanced(PersistentMap<?, ?> map) {
    double longest = Math.log(map.size() + 1.0) / Math.log(4.0 / 3);
    assertThat(map.depth()).isLessThanOrEqualTo((int) Math.ceil(longest));
  }

  @Test
  void staysShallowWhenFilledAndEmptiedInOrder() {
    PersistentMap<Integer, Integer> rising = PersistentMap.empty();
    PersistentMap<Integer, Integer> falling = PersistentMap.empty();
    for (int i = 0; i < 65_536; i++) {
      rising = rising.put(i, i);
      falling = falling.put(-i, i);
    }
    // A perfect tree of this size has 17 levels.
    assertThat(rising.depth()).isBetween(17, 24);
    assertThat(falling.depth()).isBetween(17, 24);
    for (int i = 0; i < 65_000; i++) {
      rising = rising.remove(i);
      assertThat(rising.size()).isEqualTo(65_535 - i);
    }
    assertBalanced(rising);
    assertThat(rising.depth()).isLessThanOrEqualTo(20);
  }

  @Test
  void leavesEveryOldVersionAsItWas() {
    List<PersistentMap<Integer, Integer>> versions = new ArrayList<>();
    List<Map<Integer, Integer>> expected = new ArrayList<>();
    var random = new Random(7);
    PersistentMap<Integer, Integer> map = PersistentMap.empty();
    Map<Integer, Integer> mirror = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      int key = random.nextInt(100);
      if (random.nextBoolean()) {
        map = map.put(key, i);
        mirror.put(key, i);
      } else {
        map = map.remove(key);
        mirror.remove(key);
      }
      versions.add(map);
      expected.add(new TreeMap<>(mirror));
    }
    for (int i = 0; i < versions.size(); i++) {
      assertThat(versions.get(i)).containsExactlyElementsOf(expected.get(i).entrySet());
    }
  }

  @Test
  void walksFromAKeyOnWhetherItIsThereOrNot() {
    var expected = new TreeMap<Integer, Integer>();
    for (int i = 0; i < 200; i += 2) {
      expected.put(i, i);
    }
    var map = PersistentMap.copyOf(expected);
    for (int first = -1; first <= 200; first++) {
      assertThat(map.from(first)).containsExactlyElementsOf(expected.tailMap(first).entrySet());
    }
  }

  @Test
  void givesKeysAndValuesInTheOrderOfTheKeys() {
    var map = PersistentMap.<String, Integer>empty().put("b", 2).put("c", 3).put("a", 1);
    assertThat(map.keys()).containsExactly("a", "b", "c");
    assertThat(map.values()).containsExactly(1, 2, 3);
    List<String> seen = new ArrayList<>();
    map.forEach((key, value) -> seen.add(key + value));
    assertThat(seen).containsExactly("a1", "b2", "c3");
    assertThat(map).hasToString("{a=1, b=2, c=3}");
  }

  @Test
  void isEqualByContentHoweverItWasBuilt() {
    PersistentMap<Integer, String> up = PersistentMap.empty();
    PersistentMap<Integer, String> down = PersistentMap.empty();
    for (int i = 0; i < 100; i++) {
      up = up.put(i, "v" + i);
      down = down.put(99 - i, "v" + (99 - i));
    }
    assertThat(up).isEqualTo(down).hasSameHashCodeAs(down);
    assertThat(up).isNotEqualTo(down.put(5, "other")).isNotEqualTo(down.remove(5));
    assertThat(up).isNotEqualTo(down.remove(5).put(200, "v5"));
  }

  @Test
  void answersForWhatItDoesNotHold() {
    var map = PersistentMap.<String, Integer>empty().put("a", 1);
    assertThat(map.get("b")).isNull();
    assertThat(map.getOrDefault("b", 9)).isEqualTo(9);
    assertThat(map.getOrDefault("a", 9)).isEqualTo(1);
    assertThat(map.containsKey("b")).isFalse();
    assertThat(map.remove("b")).isSameAs(map);
    var walk = map.iterator();
    walk.next();
    assertThat(walk.hasNext()).isFalse();
    assertThatThrownBy(walk::next).isInstanceOf(NoSuchElementException.class);
  }

  @Test
  void tellsWhatChangedSinceAnEarlierVersion() {
    var random = new Random(7);
    PersistentMap<Integer, Object> map = PersistentMap.empty();
    for (int round = 0; round < 2_000; round++) {
      var before = map;
      Map<Integer, Object> expected = new TreeMap<>();
      for (int change = random.nextInt(round % 50 + 1); change >= 0; change--) {
        int key = random.nextInt(300);
        map = random.nextInt(3) == 0 ? map.remove(key) : map.put(key, new Object());
        expected.put(key, List.of());
      }
      Map<Integer, List<Object>> told = new TreeMap<>();
      map.changesSince(
          before,
          (key, earlier, later) ->
              told.put(key, List.of(earlier == null ? "" : earlier, later == null ? "" : later)));
      var after = map;
      expected.replaceAll(
          (key, any) -> List.of(before.getOrDefault(key, ""), after.getOrDefault(key, "")));
      expected
          .values()
          .removeIf(pair -> pair instanceof List<?> list && list.get(0).equals(list.get(1)));
      assertThat(told).isEqualTo(expected);
    }
  }

  /// A key that counts how often it is compared.
  private record Counting(int number, AtomicInteger compared) implements Comparable<Counting> {
    @Override
    public int compareTo(Counting other) {
      compared.incrementAndGet();
      return Integer.compare(number, other.number);
    }
  }

  @Test
  void looksForChangesOnlyWhereThereAreSome() {
    var compared = new AtomicInteger();
    PersistentMap<Counting, Integer> map = PersistentMap.empty();
    for (int i = 0; i < 50_000; i++) {
      map = map.put(new Counting(i, compared), i);
    }
    var changed = map.put(new Counting(31_415, compared), -1);
    compared.set(0);
    List<Integer> told = new ArrayList<>();
    changed.changesSince(map, (key, before, after) -> told.add(key.number()));
    assertThat(told).containsExactly(31_415);
    assertThat(compared).hasValueLessThan(100);
  }
}
