package dev.slipway.example.crawler.message;

/// The wish that a page be fetched. Read from any message with a field `page`, it tells which page
/// that is about.
///
/// @param page the page
public record PageRequest(Page page) {}
