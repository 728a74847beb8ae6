/// What users describe: apps, groups and their parts. Values only, validated where they are made.
@NullMarked
package dev.slipway.core.app;

import org.jspecify.annotations.NullMarked;
