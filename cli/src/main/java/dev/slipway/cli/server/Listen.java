package dev.slipway.cli.server;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;

/// An address to listen on, written `HOST:PORT`; an IPv6 address stands in brackets.
public record Listen(String host, int port) {

  /// @throws Complaint when it is not of that form
  public static Listen of(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw wrong(text);
    }
    String host = text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (port >= 0 && port <= 65535) {
        return new Listen(host, port);
      }
    } catch (NumberFormatException e) {
      throw wrong(text);
    }
    throw wrong(text);
  }

  private static Complaint wrong(String text) {
    return Complaint.of(Exit.USAGE, "'" + text + "' is no address to listen on")
        .mend("Write HOST:PORT, such as 127.0.0.1:8080 or [::1]:8080.");
  }
}
