/// Stories on virtual time: given, when, then.
@NullMarked
package dev.slipway.core.scenario;

import org.jspecify.annotations.NullMarked;
