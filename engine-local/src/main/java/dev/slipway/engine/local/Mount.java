package dev.slipway.engine.local;

import java.nio.file.Path;

/// Something of the machine that a task sees at a place of its own.
///
/// @param source what is there
/// @param target where the task sees it: below its sandbox, or anywhere in a file system of its own
/// @param directory whether it is a directory or a file
record Mount(Path source, Path target, boolean directory, boolean readOnly) {}
