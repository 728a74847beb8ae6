package dev.slipway.core.engine;

import dev.slipway.core.volume.VolumeId;
import java.util.Optional;

/// A persistent volume as its engine finds it on the disk.
///
/// @param usedBytes what its files hold, as last measured; nothing before the first measurement
/// @param inUse whether a task that runs has it mounted
public record StoredVolume(VolumeId id, Optional<Long> usedBytes, boolean inUse) {}
