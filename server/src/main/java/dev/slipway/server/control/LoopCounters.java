package dev.slipway.server.control;

import java.util.concurrent.atomic.AtomicLong;

/// What happened in the control loops of this process that operators want to count. They rise from
/// term to term.
public record LoopCounters(
    AtomicLong inputs,
    AtomicLong events,
    AtomicLong appends,
    AtomicLong faults,
    AtomicLong refusedForSpace) {
  public LoopCounters() {
    this(new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong(), new AtomicLong());
  }
}
