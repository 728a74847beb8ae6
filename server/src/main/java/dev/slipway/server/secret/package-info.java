/// The platform's store of secrets: sealed with AES-256-GCM, read by tasks as they start and by no
/// one else.
@NullMarked
package dev.slipway.server.secret;

import org.jspecify.annotations.NullMarked;
