package dev.slipway.core.engine;

import dev.slipway.core.volume.VolumeId;

/// A local persistent volume as a task sees it. The engine makes it when it is not there yet.
///
/// @param containerPath one name, below the sandbox
/// @param sizeBytes what was requested of the node's disk for it
public record MountedVolume(VolumeId id, String containerPath, long sizeBytes) {}
