@NullMarked
package dev.slipway.server.file;

import org.jspecify.annotations.NullMarked;
