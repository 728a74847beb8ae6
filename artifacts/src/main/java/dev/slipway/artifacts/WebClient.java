package dev.slipway.artifacts;

import dev.slipway.artifacts.AddressPolicy.RefusedAddress;
import dev.slipway.artifacts.WebProxies.Proxy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.util.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends single GET requests and does nothing by itself: no redirects, retries, cookies or
/// decoding, and a fresh connection each time; to the server, or to the proxy that the policy
/// names.
///
/// Each connection looks its host up once; the policy judges the answer, and the connection goes to
/// one of the very addresses that were judged, while the `Host` header, TLS's server name and the
/// certificate check keep the name. A name that answers differently the next time (DNS rebinding)
/// is judged anew with the next connection. The platform's own server alone is not judged.
///
/// The JDK's own client leaves no room between its lookup and its connection, which is why it is
/// not used here.
final class WebClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebClient.class);
  private static final int HEADER_LINE_BYTES = 16 * 1024;
  private static final int HEADERS = 200;

  private final FetchPolicy policy;
  private final JudgedLookup judge;
  private final TlsSocketStrategy tls;
  private final CloseableHttpClient direct;
  private final FirstUse<CloseableHttpClient> toPlatform;
  private final Map<Proxy, CloseableHttpClient> proxied = new ConcurrentHashMap<>();

  WebClient(FetchPolicy policy, HostLookup lookup, TlsSocketStrategy tls) {
    this.policy = policy;
    this.judge = new JudgedLookup(lookup, policy.addresses());
    this.tls = tls;
    this.direct = builder(judge).build();
    this.toPlatform = new FirstUse<>(() -> builder(new TrustedLookup(lookup)).build());
  }

  private HttpClientBuilder builder(DnsResolver resolver) {
    Patience patience = policy.patience();
    Timeout stall = Timeout.of(patience.stall());
    return HttpClients.custom()
        .setConnectionManager(connections(resolver))
        .setConnectionReuseStrategy((request, response, context) -> false)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(Timeout.of(patience.total()))
                .setResponseTimeout(stall)
                .setProtocolUpgradeEnabled(false)
                .setRedirectsEnabled(false)
                .build())
        .disableRedirectHandling()
        .disableAutomaticRetries()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .setUserAgent("slipway-fetch");
  }

  private HttpClientConnectionManager connections(DnsResolver resolver) {
    Patience patience = policy.patience();
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDnsResolver(resolver)
        .setTlsSocketStrategy(tls)
        .setMaxConnTotal(policy.downloads())
        .setMaxConnPerRoute(policy.downloads())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(Timeout.of(patience.connect()))
                .setSocketTimeout(Timeout.of(patience.stall()))
                .build())
        .setConnectionFactory(
            ManagedHttpClientConnectionFactory.builder()
                .http1Config(
                    Http1Config.custom()
                        .setMaxLineLength(HEADER_LINE_BYTES)
                        .setMaxHeaderCount(HEADERS)
                        .build())
                .build())
        .build();
  }

  /// Sends a request and reads the head of its answer.
  Exchange get(URI uri, Map<String, String> headers) throws IOException {
    var request = new HttpGet(uri);
    // The bytes as they are stored: a checksum is one of the file, not of what a server made of it.
    request.setHeader("Accept-Encoding", "identity");
    headers.forEach(request::setHeader);
    var host = new HttpHost(uri.getScheme(), uri.getHost(), uri.getPort());
    if (policy.isPlatform(uri)) {
      return new Exchange(request, toPlatform.get().executeOpen(host, request, null));
    }
    Optional<Proxy> proxy = policy.proxies().proxyFor(uri);
    if (proxy.isEmpty()) {
      return new Exchange(request, direct.executeOpen(host, request, null));
    }
    judge.judgeWhatIsKnownOf(uri.getHost());
    CloseableHttpClient client = proxied.computeIfAbsent(proxy.get(), this::through);
    return new Exchange(request, client.executeOpen(host, request, null));
  }

  /// What the proxy may be is the operator's to say, so its own address is not judged.
  private CloseableHttpClient through(Proxy proxy) {
    var host = new HttpHost("http", proxy.host(), proxy.port());
    var credentials = new BasicCredentialsProvider();
    if (proxy.credentials().isPresent()) {
      String[] pair = proxy.credentials().get().split(":", 2);
      char[] password = pair.length < 2 ? new char[0] : pair[1].toCharArray();
      credentials.setCredentials(
          new AuthScope(host), new UsernamePasswordCredentials(pair[0], password));
    }
    return builder(SystemDefaultDnsResolver.INSTANCE)
        .setProxy(host)
        .setDefaultCredentialsProvider(credentials)
        .build();
  }

  @Override
  public void close() throws IOException {
    direct.close();
    if (toPlatform.ifUsed().isPresent()) {
      toPlatform.get().close();
    }
    for (CloseableHttpClient client : proxied.values()) {
      client.close();
    }
  }

  /// A request and its answer, whose body is read as it comes.
  record Exchange(HttpGet request, ClassicHttpResponse response) implements AutoCloseable {
    /// Closes the connection at once. Closing the response alone would first read its body to the
    /// end, however long that is.
    @Override
    public void close() {
      request.cancel();
      try {
        response.close();
      } catch (IOException e) {
        LOG.debug("artifact.connection.close reason={}", e.getClass().getSimpleName());
      }
    }
  }

  private record TrustedLookup(HostLookup lookup) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return lookup.addressesOf(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  private record JudgedLookup(HostLookup lookup, AddressPolicy policy) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      InetAddress[] addresses;
      try {
        addresses = lookup.addressesOf(host);
      } catch (IllegalArgumentException e) {
        // The JDK's answer to octal and other spellings that programs read differently.
        throw new RefusedAddress(host + " is an ambiguous way to write an address");
      }
      for (InetAddress address : addresses) {
        // One bad address refuses the host: which of them is taken must not decide it.
        Optional<String> objection = policy.objectionTo(address);
        if (objection.isPresent()) {
          throw new RefusedAddress(
              host + " is " + address.getHostAddress() + ", " + objection.get());
        }
      }
      return addresses;
    }

    /// Where the proxy connects, only the proxy knows. What this machine knows of the name is
    /// judged all the same; a name that it does not know, as behind many proxies, is left to the
    /// proxy.
    void judgeWhatIsKnownOf(String host) throws UnknownHostException {
      try {
        resolve(host);
      } catch (RefusedAddress refused) {
        throw refused;
      } catch (UnknownHostException unknown) {
        LOG.debug("artifact.lookup.left-to-proxy");
      }
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
