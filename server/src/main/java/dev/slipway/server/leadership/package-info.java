/// Several servers on one journal: candidacy for the lease, and what a server knows while another
/// one leads.
@NullMarked
package dev.slipway.server.leadership;

import org.jspecify.annotations.NullMarked;
