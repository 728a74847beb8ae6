package dev.slipway.server.probe;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/// Lets a connection of a health check accept any certificate, as Marathon's do: tasks are asked by
/// address, for which they rarely have one, and nothing secret is sent.
final class AnyCertificate {
  private static final SSLSocketFactory SOCKETS = sockets();

  private AnyCertificate() {}

  static void accept(HttpsURLConnection connection) {
    connection.setSSLSocketFactory(SOCKETS);
    connection.setHostnameVerifier((host, session) -> true);
  }

  private static SSLSocketFactory sockets() {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK offers no TLS", e);
    }
  }

  private static final class TrustAll implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
