package dev.slipway.example.crawler.message;

/// A page to crawl, named by its normal address (see [Address]).
///
/// @param url the page's address in normal form
/// @param redirects how many redirects led here, 0 for a page that was linked
/// @param seed whether the crawl starts here, or only redirects lie between a start and here; such
/// a page widens the
///     scope to its host
public record Page(String url, int redirects, boolean seed) {
  /// A redirect chain longer than this ends as a failed page.
  public static final int REDIRECT_LIMIT = 5;

  public Page {
    if (url.isEmpty()) {
      throw new IllegalArgumentException("a page needs an address");
    }
    if (redirects < 0) {
      throw new IllegalArgumentException("redirects is negative: " + redirects);
    }
  }

  /// The page that this one redirects to.
  public Page redirectedTo(String target) {
    return new Page(target, redirects + 1, seed);
  }
}
