package dev.slipway.bench;

import java.util.List;
import java.util.function.Consumer;

/// A subject that is measured.
interface Benchmark {
  /// How it is called on the command line.
  String name();

  /// What it measures, on one line.
  String about();

  /// What can be measured alone.
  List<String> parts();

  /// Measures. A part that fails is told and left out; the others go on.
  ///
  /// @param wanted some of [#parts]
  /// @param runs how often each part is measured
  /// @param found told each measurement once it is there
  /// @return whether all could be measured
  boolean run(Workplace workplace, List<String> wanted, int runs, Consumer<Measurement> found)
      throws InterruptedException;
}
