package dev.slipway.engine.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Asks kubelets directly, with the server's own credentials, for which the right to `nodes/stats`
/// is enough. The way through the API server (`nodes/proxy`) would let the server run commands in
/// every pod of every node.
///
/// Credentials are shown to verified kubelets alone.
final class KubeletClient implements AutoCloseable {
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final Config config;
  private final boolean verified;
  private final Duration patience;
  private final int mostBytes;
  private final HttpClient http;
  private volatile Optional<String> token;

  /// A kubelet that answers, but not with what was asked for.
  static final class Refused extends IOException {
    private static final long serialVersionUID = 1;

    Refused(String message) {
      super(message);
    }
  }

  /// @throws KubernetesRefusal when the certificates of the kubeconfig cannot be used
  KubeletClient(Config config, KubeletTrust trust, KubernetesLimits limits) {
    this.config = config;
    this.verified = trust == KubeletTrust.VERIFIED;
    this.patience = limits.requestPatience();
    this.mostBytes = limits.kubeletBytes();
    this.token = verified ? token(config) : Optional.empty();
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(patience)
            .sslContext(tls())
            .build();
  }

  /// A kubeconfig that trusts any API server is no reason to trust any kubelet.
  private SSLContext tls() {
    try {
      if (verified) {
        return SSLUtils.sslContext(new ConfigBuilder(config).withTrustCerts(false).build());
      }
      SSLContext any = SSLContext.getInstance("TLS");
      any.init(null, new TrustManager[] {new AnyCertificate()}, null);
      return any;
    } catch (GeneralSecurityException | IOException unusable) {
      throw new KubernetesRefusal(
          "The certificates of the kubeconfig cannot be used: " + unusable.getMessage(), unusable);
    }
  }

  private static Optional<String> token(Config config) {
    return Optional.ofNullable(config.getOauthToken())
        .or(() -> Optional.ofNullable(config.getAutoOAuthToken()))
        .filter(text -> !text.isBlank())
        .map(String::strip);
  }

  /// @throws Refused when it answers with anything else
  /// @throws IOException when it cannot be reached
  byte[] summary(Kubelet kubelet) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = ask(kubelet);
    if (answer.statusCode() == UNAUTHORIZED && verified) {
      answer.body().close();
      // Tokens of service accounts last an hour; the file has the next one by then.
      token = token(config.refresh());
      answer = ask(kubelet);
    }
    try (InputStream body = answer.body()) {
      switch (answer.statusCode()) {
        case OK -> {}
        case UNAUTHORIZED -> throw new Refused("it does not know who asks (401)");
        case FORBIDDEN -> throw new Refused("nodes/stats may not be read (403)");
        default -> throw new Refused("it answers " + answer.statusCode());
      }
      byte[] text = body.readNBytes(mostBytes + 1);
      if (text.length > mostBytes) {
        throw new Refused("its answer is longer than " + mostBytes + " bytes");
      }
      return text;
    }
  }

  private HttpResponse<InputStream> ask(Kubelet kubelet) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(kubelet.summary()).timeout(patience);
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
