@NullMarked
package dev.slipway.example.crawler;

import org.jspecify.annotations.NullMarked;
