package dev.slipway.example.crawler.message;

/// Something for sale.
///
/// @param name what it is called
/// @param price a decimal number such as `12.50`
/// @param currency an ISO 4217 code, empty if the page does not tell
/// @param link the address in normal form; two items with one link are the same item
public record Item(String name, String price, String currency, String link) {}
