/// What it takes to measure placement on Kubernetes: a control plane of its own, nodes that are
/// objects or hollow, kube-scheduler, and clocks on pods.
@NullMarked
package dev.slipway.bench.kubernetes;

import org.jspecify.annotations.NullMarked;
