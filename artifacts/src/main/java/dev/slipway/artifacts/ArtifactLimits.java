package dev.slipway.artifacts;

/// The sizes that artifacts, the store and the cache are held to.
///
/// @param artifactBytes one artifact, fetched or uploaded
/// @param storeBytes all artifacts of the store together
/// @param cacheBytes all cached downloads together; the least recently used go first
/// @param artifactsPerTask how many artifacts one task may fetch
/// @param extraction what one archive may become
public record ArtifactLimits(
    long artifactBytes,
    long storeBytes,
    long cacheBytes,
    int artifactsPerTask,
    ExtractionLimits extraction) {
  public static final long ARTIFACT_BYTES = 1L << 30;
  public static final long STORE_BYTES = 20L << 30;
  public static final long CACHE_BYTES = 5L << 30;
  public static final int ARTIFACTS_PER_TASK = 64;

  public static final ArtifactLimits DEFAULT =
      new ArtifactLimits(
          ARTIFACT_BYTES, STORE_BYTES, CACHE_BYTES, ARTIFACTS_PER_TASK, ExtractionLimits.DEFAULT);

  public ArtifactLimits withArtifactBytes(long bytes) {
    return new ArtifactLimits(bytes, storeBytes, cacheBytes, artifactsPerTask, extraction);
  }

  public ArtifactLimits withStoreBytes(long bytes) {
    return new ArtifactLimits(artifactBytes, bytes, cacheBytes, artifactsPerTask, extraction);
  }

  public ArtifactLimits withCacheBytes(long bytes) {
    return new ArtifactLimits(artifactBytes, storeBytes, bytes, artifactsPerTask, extraction);
  }

  public ArtifactLimits withExtraction(ExtractionLimits limits) {
    return new ArtifactLimits(artifactBytes, storeBytes, cacheBytes, artifactsPerTask, limits);
  }
}
