package dev.slipway.server.forward;

import java.net.URI;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;

/// Which headers go on from hop to hop. Those of the connection stay (RFC 9110, 7.6.1), also those
/// that `Connection` names.
final class Hops {
  private static final Set<String> OF_THE_CONNECTION =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  /// The client library writes these itself. Of `Origin` the gate here has judged, against the
  /// name by which it was asked; the leader has another one.
  private static final Set<String> OF_THE_REQUEST =
      Set.of("host", "content-length", "expect", "origin");

  private Hops() {}

  /// The names of the headers that stay, in lower case.
  static Set<String> staying(HttpFields headers) {
    Set<String> staying = new TreeSet<>(OF_THE_CONNECTION);
    staying.addAll(OF_THE_REQUEST);
    for (String named : headers.getValuesList("Connection")) {
      for (String name : named.split(",", -1)) {
        staying.add(name.strip().toLowerCase(Locale.ROOT));
      }
    }
    return staying;
  }

  static boolean comesBack(String name) {
    return !OF_THE_CONNECTION.contains(name.toLowerCase(Locale.ROOT))
        && !name.startsWith(":")
        && !name.equalsIgnoreCase(Forwarding.SEQUENCE);
  }

  /// As Marathon writes it.
  static String via(URI self) {
    return "1.1 " + self.getHost() + ":" + self.getPort();
  }

  static boolean isLoop(HttpFields headers, URI self) {
    String here = via(self);
    for (HttpField field : headers.getFields(Forwarding.VIA)) {
      if (field.getValueList().contains(here)) {
        return true;
      }
    }
    return false;
  }
}
