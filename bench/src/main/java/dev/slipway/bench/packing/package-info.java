/// How tightly tasks are packed: published workloads, policies, and bounds that none can beat.
@org.jspecify.annotations.NullMarked
package dev.slipway.bench.packing;
