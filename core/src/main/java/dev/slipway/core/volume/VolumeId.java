package dev.slipway.core.volume;

import dev.slipway.core.app.PathId;

/// The name of a local persistent volume: `<app>.<containerPath>.volume-<uuid>`, the app's path
/// with `_` for `/`. It is fit for a file name.
public record VolumeId(String value) implements Comparable<VolumeId> {
  public static final int MAX_LENGTH = 255;

  public VolumeId {
    if (value.isEmpty()
        || value.length() > MAX_LENGTH
        || !value.chars().allMatch(VolumeId::isFit)) {
      throw new IllegalArgumentException("not the name of a volume: " + value);
    }
    if (value.startsWith(".")) {
      throw new IllegalArgumentException("the name of a volume does not begin with a dot");
    }
  }

  /// @param identity unique within the platform
  public static VolumeId of(PathId app, String containerPath, java.util.UUID identity) {
    String path = app.toString().substring(1).replace('/', '_');
    String fit =
        containerPath
            .chars()
            .map(character -> isFit(character) ? character : '-')
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
    String end = "." + fit + ".volume-" + identity;
    int room = Math.max(1, MAX_LENGTH - end.length());
    return new VolumeId(path.substring(0, Math.min(room, path.length())) + end);
  }

  private static boolean isFit(int character) {
    return (character >= 'a' && character <= 'z')
        || (character >= 'A' && character <= 'Z')
        || (character >= '0' && character <= '9')
        || character == '-'
        || character == '_'
        || character == '.';
  }

  @Override
  public int compareTo(VolumeId other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
