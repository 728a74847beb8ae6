package dev.slipway.core.engine;

import dev.slipway.core.volume.VolumeId;

/// A persistent volume as its engine finds it on the disk.
///
/// @param usedBytes what its files hold, as last measured; 0 before the first measurement
/// @param inUse whether a task that runs has it mounted
public record StoredVolume(VolumeId id, long usedBytes, boolean inUse) {}
