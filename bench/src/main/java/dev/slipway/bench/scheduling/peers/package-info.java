/// Schedulers to compare with: policies built anew from their descriptions, and Fenzo itself.
@org.jspecify.annotations.NullMarked
package dev.slipway.bench.scheduling.peers;
