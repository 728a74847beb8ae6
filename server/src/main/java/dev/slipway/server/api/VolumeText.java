package dev.slipway.server.api;

import dev.slipway.core.app.Resources;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.engine.StoredVolume;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.volume.PersistentVolume;
import java.util.Locale;
import java.util.Optional;

/// A persistent volume, as the API shows it. Sizes are in MiB.
///
/// @param used what its files hold, where its engine has measured them
record VolumeText(
    String id,
    String app,
    String containerPath,
    String node,
    double size,
    Optional<Double> used,
    String state,
    Optional<String> instance,
    String createdAt,
    String since) {
  static VolumeText of(PersistentVolume volume, Optional<StoredVolume> stored) {
    return new VolumeText(
        volume.id().value(),
        volume.app().toString(),
        volume.containerPath(),
        volume.node().value(),
        mebibytes(volume.sizeBytes()),
        stored.flatMap(StoredVolume::usedBytes).map(VolumeText::mebibytes),
        volume.state().name().toLowerCase(Locale.ROOT),
        volume.instance().map(InstanceId::value),
        Timestamps.format(volume.createdAt()),
        Timestamps.format(volume.since()));
  }

  private static double mebibytes(long bytes) {
    return bytes / (double) Resources.MEBIBYTE;
  }
}
