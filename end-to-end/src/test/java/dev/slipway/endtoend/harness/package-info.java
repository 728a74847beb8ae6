/// What the tests need to run the product as a user does, in processes of its own, and to look at
/// the machine from outside.
@NullMarked
package dev.slipway.endtoend.harness;

import org.jspecify.annotations.NullMarked;
