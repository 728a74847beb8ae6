package dev.slipway.core.app;

import java.util.SortedMap;
import java.util.TreeMap;

/// Which secrets of the platform's store an app uses (Marathon's `secrets` and `env.X.secret`).
/// Only names are kept here; the values never leave the store but for the tasks themselves.
///
/// @param sources the app's own name for each secret, and where it lies in the store
/// @param environment the variables that hold a secret, and the app's name for it
public record Secrets(SortedMap<String, String> sources, SortedMap<String, String> environment) {
  public static final Secrets NONE = new Secrets(new TreeMap<>(), new TreeMap<>());

  public Secrets {
    sources = Sorted.copyOf(sources);
    environment = Sorted.copyOf(environment);
  }
}
