/// The HTTP server: who may ask, how much and how fast, and what a failure looks like.
@NullMarked
package dev.slipway.server.http;

import org.jspecify.annotations.NullMarked;
