package dev.slipway.core.node;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Container;
import dev.slipway.core.app.Fetch;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// What was brought to a node lately for tasks that were placed there, and is likely to be at hand
/// still: artifacts that are kept, and images. All that one app needs counts as one supply, known
/// by a number that is made of the addresses.
///
/// It is a guess that costs nothing: a node that threw the things away since, or two supplies of
/// one number, make a choice less good and never wrong.
///
/// @param latest by number, the one that was asked for longest ago about first
public record Supplies(List<Long> latest) {
  /// So many are remembered of a node.
  public static final int MOST = 32;

  public static final Supplies NONE = new Supplies(List.of());

  private static final long OFFSET = 0xcbf29ce484222325L;
  private static final long PRIME = 0x100000001b3L;

  public Supplies {
    latest = List.copyOf(latest);
  }

  /// The number of what tasks of the app need to have brought; none where nothing is brought that
  /// would be kept.
  public static OptionalLong neededBy(AppSpec app) {
    long number = OFFSET;
    boolean any = false;
    for (Fetch fetch : app.fetch()) {
      if (fetch.cache()) {
        number = hashed(number, fetch.uri());
        any = true;
      }
    }
    String image = app.container().flatMap(Container::image).map(known -> known.name()).orElse("");
    return any || !image.isEmpty() ? OptionalLong.of(hashed(number, image)) : OptionalLong.empty();
  }

  /// FNV-1a over the characters: the same on every machine and in every version.
  private static long hashed(long number, String text) {
    long hash = number;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * PRIME;
    }
    return (hash ^ '\n') * PRIME;
  }

  public boolean holds(long supply) {
    return latest.contains(supply);
  }

  /// With a supply that is brought now, or asked for again. What is among the later half stays
  /// where it is: a node that takes turns between a few apps does not change each time.
  public Supplies with(long supply) {
    if (latest.indexOf(supply) >= latest.size() / 2) {
      return this;
    }
    List<Long> next = new ArrayList<>(latest);
    next.remove(Long.valueOf(supply));
    if (next.size() == MOST) {
      next.removeFirst();
    }
    next.add(supply);
    return new Supplies(next);
  }
}
