/// Schedulers side by side: one workload, many policies, a referee that belongs to none of them.
@org.jspecify.annotations.NullMarked
package dev.slipway.bench.scheduling;
