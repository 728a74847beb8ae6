package dev.slipway.artifacts;

/// How much one archive may become.
///
/// @param entries files, directories and links in it, at most
/// @param bytes what its files may hold together
/// @param ratio how many bytes one byte of the archive may become
/// @param ratioFloorBytes the ratio is not judged below this, since small archives of small files
///     pack well for good reasons
/// @param pathBytes longest path of an entry, in UTF-8
/// @param depth names in a path, at most
public record ExtractionLimits(
    int entries, long bytes, int ratio, long ratioFloorBytes, int pathBytes, int depth) {
  public static final int ENTRIES = 100_000;
  public static final long BYTES = 4L << 30;
  public static final int RATIO = 200;
  public static final long RATIO_FLOOR_BYTES = 64L << 20;
  public static final int PATH_BYTES = 1024;
  public static final int DEPTH = 64;

  public static final ExtractionLimits DEFAULT =
      new ExtractionLimits(ENTRIES, BYTES, RATIO, RATIO_FLOOR_BYTES, PATH_BYTES, DEPTH);

  /// How many bytes an archive of `archiveBytes` may become.
  long allowedBytes(long archiveBytes) {
    long byRatio = archiveBytes > bytes / ratio ? bytes : archiveBytes * ratio;
    return Math.min(bytes, Math.max(ratioFloorBytes, byRatio));
  }
}
