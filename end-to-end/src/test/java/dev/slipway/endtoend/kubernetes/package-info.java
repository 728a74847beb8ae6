/// The product on a real Kubernetes cluster: pods on nodes that can be cut off.
@NullMarked
package dev.slipway.endtoend.kubernetes;

import org.jspecify.annotations.NullMarked;
