package dev.slipway.example.crawler.fetch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;

/// GETs one address, with an end in time and size. Follows no redirect: where it leads is for the
/// frontier to decide.
///
/// Addresses of the local link are refused, as clouds keep their machines' secrets there.
final class Downloader implements AutoCloseable {
  /// From the connection to the last byte.
  static final Duration TIME_LIMIT = Duration.ofSeconds(8);

  /// Bytes of a body.
  static final int SIZE_LIMIT = 1 << 20;

  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(4);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final int RETRY_AFTER_DIGITS = 6;

  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_LIMIT)
          .build();
  private final String userAgent;
  private final Duration timeLimit;

  Downloader(String userAgent) {
    this(userAgent, TIME_LIMIT);
  }

  Downloader(String userAgent, Duration timeLimit) {
    this.userAgent = userAgent;
    this.timeLimit = timeLimit;
  }

  Download page(URI uri) {
    return download(uri, "text/html,application/xhtml+xml;q=0.9", Downloader::isHtml);
  }

  Download robots(URI uri) {
    return download(uri, "text/plain,*/*;q=0.5", _ -> true);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }

  private Download download(URI uri, String accept, Predicate<String> wanted) {
    try {
      if (InetAddress.getByName(uri.getHost()).isLinkLocalAddress()) {
        return new Download.Refused("address-refused", 0);
      }
      HttpRequest request =
          HttpRequest.newBuilder(uri)
              .timeout(timeLimit)
              .header("User-Agent", userAgent)
              .header("Accept", accept)
              .build();
      return judge(exchange(request, wanted), wanted);
    } catch (UnknownHostException _) {
      return new Download.Unavailable("host-unknown", Duration.ZERO);
    } catch (TimeoutException _) {
      return new Download.Unavailable("timeout", Duration.ZERO);
    } catch (IOException e) {
      if (e instanceof TooLarge) {
        return new Download.Refused("too-large", 0);
      }
      return new Download.Unavailable("connection", Duration.ZERO);
    } catch (IllegalArgumentException _) {
      return new Download.Refused("bad-address", 0);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return new Download.Unavailable("interrupted", Duration.ZERO);
    }
  }

  private HttpResponse<byte[]> exchange(HttpRequest request, Predicate<String> wanted)
      throws IOException, TimeoutException, InterruptedException {
    CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(request, wantedBody(wanted));
    try {
      return answer.get(timeLimit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof java.net.http.HttpTimeoutException) {
        throw new TimeoutException("no answer in time");
      }
      if (e.getCause() instanceof IOException cause) {
        throw rootOf(cause);
      }
      throw new IOException("cannot read " + request.uri(), e.getCause());
    } finally {
      answer.cancel(true);
    }
  }

  private static IOException rootOf(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null && cause.getMessage().contains("body exceeds capacity")) {
        return new TooLarge();
      }
    }
    return e;
  }

  private static BodyHandler<byte[]> wantedBody(Predicate<String> wanted) {
    BodyHandler<byte[]> whole = BodyHandlers.limiting(BodyHandlers.ofByteArray(), SIZE_LIMIT);
    return info -> {
      if (info.statusCode() == 200 && wanted.test(contentType(info.headers()))) {
        return whole.apply(info);
      }
      return BodySubscribers.replacing(new byte[0]);
    };
  }

  private static Download judge(HttpResponse<byte[]> response, Predicate<String> wanted) {
    int status = response.statusCode();
    if (status == 200) {
      String contentType = contentType(response.headers());
      if (wanted.test(contentType)) {
        return new Download.Body(contentType, response.body());
      }
      return new Download.Uninteresting("not-html");
    }
    if (REDIRECTS.contains(status)) {
      return response
          .headers()
          .firstValue("Location")
          .<Download>map(Download.Redirect::new)
          .orElse(new Download.Refused("bad-redirect", status));
    }
    if (PASSING.contains(status)) {
      return new Download.Unavailable("http-" + status, retryAfter(response.headers()));
    }
    return new Download.Refused("http-" + status, status);
  }

  /// The header's form in seconds; its form as a date is not honoured beyond our own pause.
  private static Duration retryAfter(HttpHeaders headers) {
    String value = headers.firstValue("Retry-After").orElse("").strip();
    if (value.isEmpty()
        || value.length() > RETRY_AFTER_DIGITS
        || !value.chars().allMatch(Character::isDigit)) {
      return Duration.ZERO;
    }
    return Duration.ofSeconds(Long.parseLong(value));
  }

  private static String contentType(HttpHeaders headers) {
    return headers.firstValue("Content-Type").orElse("");
  }

  private static boolean isHtml(String contentType) {
    String type = contentType.toLowerCase(Locale.ROOT);
    return type.startsWith("text/html") || type.startsWith("application/xhtml+xml");
  }

  private static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;
  }
}
