package dev.slipway.core.app;

import java.util.List;
import java.util.Optional;

/// The absolute path of an app or a group: `/` is the root group, `/shop/cart` an app or group
/// below `/shop`.
///
/// Each segment follows the grammar of Marathon (`PathId.scala`): lower-case letters, digits, `-`,
/// `.`, not starting or ending with `-`. Paths order segment by segment, so that a group's members
/// stand together.
public record PathId(List<String> segments) implements Comparable<PathId> {
  /// Longest accepted path in characters, slashes included.
  public static final int MAX_LENGTH = 255;

  public static final PathId ROOT = new PathId(List.of());

  public PathId {
    segments = List.copyOf(segments);
    for (String segment : segments) {
      if (!isSegment(segment)) {
        throw new IllegalArgumentException(
            "'"
                + segment
                + "' is not a valid path segment: use lower-case letters, digits, '-' and '.',"
                + " and do not begin or end with '-' or '.'");
      }
    }
    int length = segments.stream().mapToInt(String::length).sum() + segments.size();
    if (length > MAX_LENGTH) {
      throw new IllegalArgumentException("a path has at most " + MAX_LENGTH + " characters");
    }
  }

  /// Labels of letters, digits and inner `-`, joined by single dots. Written out, since paths are
  /// made for every event.
  private static boolean isSegment(String text) {
    boolean labelOpen = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
      boolean last = i + 1 == text.length() || text.charAt(i + 1) == '.';
      boolean allowed = plain || (labelOpen && (c == '.' || (c == '-' && !last)));
      if (!allowed) {
        return false;
      }
      labelOpen = c != '.';
    }
    return labelOpen;
  }

  /// Reads an absolute path, or a relative one below the root group. Empty segments are passed
  /// over, since clients send double and trailing slashes.
  ///
  /// @throws IllegalArgumentException when a segment breaks the grammar
  public static PathId of(String path) {
    return ROOT.resolve(path.startsWith("/") ? path : "/" + path);
  }

  /// Reads a path as seen from this group: absolute paths stand for themselves, `..` leads to the
  /// parent.
  ///
  /// @throws IllegalArgumentException when a segment breaks the grammar or `..` leaves the root
  public PathId resolve(String path) {
    PathId result = path.startsWith("/") ? ROOT : this;
    for (String segment : path.split("/", -1)) {
      result =
          switch (segment) {
            case "", "." -> result;
            case ".." -> result.parent();
            default -> result.child(segment);
          };
    }
    return result;
  }

  public PathId child(String segment) {
    var all = new java.util.ArrayList<>(segments);
    all.add(segment);
    return new PathId(all);
  }

  public boolean isRoot() {
    return segments.isEmpty();
  }

  /// The group that holds this path.
  ///
  /// @throws IllegalArgumentException for the root, which nothing holds
  public PathId parent() {
    if (isRoot()) {
      throw new IllegalArgumentException("the path leaves the root group");
    }
    return new PathId(segments.subList(0, segments.size() - 1));
  }

  /// The last segment, or nothing for the root.
  public Optional<String> name() {
    return isRoot() ? Optional.empty() : Optional.of(segments.getLast());
  }

  /// Whether this path is the given group or lies below it.
  public boolean isWithin(PathId group) {
    return segments.size() >= group.segments.size()
        && segments.subList(0, group.segments.size()).equals(group.segments);
  }

  /// The path with `_` for `/` and without the leading one, as task ids and directories carry it.
  public String safe() {
    return String.join("_", segments);
  }

  @Override
  public int compareTo(PathId other) {
    int shared = Math.min(segments.size(), other.segments.size());
    for (int i = 0; i < shared; i++) {
      int order = segments.get(i).compareTo(other.segments.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(segments.size(), other.segments.size());
  }

  @Override
  public String toString() {
    return "/" + String.join("/", segments);
  }
}
