package dev.slipway.server.marathon.event;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;

/// Which addresses may be called back.
///
/// Loopback and private networks are allowed: there is where those live who want to be told, and
/// whoever may subscribe may start programs on these machines, too. Not so link-local addresses,
/// where clouds hand out credentials. Nothing of an answer is shown to anybody, and no redirect is
/// followed.
final class CallbackAddress {
  static final int MAX_LENGTH = 2048;

  private CallbackAddress() {}

  /// @throws IllegalArgumentException with what is wrong with it
  static URI parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("is longer than " + MAX_LENGTH + " characters");
    }
    URI address;
    try {
      address = new URI(text);
    } catch (URISyntaxException notOne) {
      throw new IllegalArgumentException("is not a URL", notOne);
    }
    String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("must begin with http:// or https://");
    }
    if (address.getHost() == null) {
      throw new IllegalArgumentException("names no host");
    }
    if (address.getRawUserInfo() != null) {
      throw new IllegalArgumentException("must not hold a password");
    }
    if (address.getRawFragment() != null) {
      throw new IllegalArgumentException("must not have a fragment");
    }
    return address;
  }

  /// Looks up where the address leads today.
  ///
  /// @throws UnknownHostException when it leads nowhere, or where nothing may be sent
  static void check(URI address) throws UnknownHostException {
    for (InetAddress found : InetAddress.getAllByName(address.getHost())) {
      if (found.isLinkLocalAddress() || found.isAnyLocalAddress() || found.isMulticastAddress()) {
        throw new UnknownHostException(
            "events are not sent to link-local, multicast and unspecified addresses");
      }
    }
  }
}
