package dev.slipway.example.crawler.message;

/// A page with its body, on its way from a fetcher to a parser.
///
/// @param page the page
/// @param contentType the value of the header Content-Type, which may name the character set
/// @param zippedBody the body, compressed by gzip
@SuppressWarnings("ArrayRecordComponent") // carried once, never compared
public record FetchedPage(Page page, String contentType, byte[] zippedBody) {}
