package dev.slipway.core.control;

/// What is wrong with a part of an input.
///
/// @param path where, as a JSON pointer: `/upgradeStrategy/minimumHealthCapacity`
/// @param message what is wrong and, where it helps, how to mend it
public record Problem(String path, String message) {}
