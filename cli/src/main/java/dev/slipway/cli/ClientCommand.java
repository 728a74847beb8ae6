package dev.slipway.cli;

import java.util.concurrent.Callable;

/// A command that asks the server for something and ends. What it cannot do it throws as a
/// [Complaint].
interface ClientCommand extends Callable<Integer> {
  Exit run();

  @Override
  default Integer call() {
    return run().code();
  }
}
