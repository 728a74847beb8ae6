/// Fetches artifacts into sandboxes and keeps the platform's own: http(s), file and store
/// addresses, a cache, checksums, and unpacking that nothing can escape from.
@NullMarked
package dev.slipway.artifacts;

import org.jspecify.annotations.NullMarked;
