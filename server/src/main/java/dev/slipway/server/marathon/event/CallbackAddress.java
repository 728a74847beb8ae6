package dev.slipway.server.marathon.event;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;

/// Which addresses may be called back.
///
/// Loopback and private networks are allowed: there is where those live who want to be told, and
/// whoever may subscribe may start programs on these machines, too. Not so where clouds hand out
/// credentials: that is for the {@link AddressRule} to say, which downloads are held to, too.
/// Nothing of an answer is shown to anybody, and no redirect is followed.
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

  /// Looks up where the address leads now. Whoever connects afterwards looks it up again: a name
  /// server that answers otherwise then is believed.
  ///
  /// @throws UnknownHostException when it leads nowhere, or where nothing may be sent
  static void check(URI address, AddressRule rule) throws UnknownHostException {
    for (InetAddress found : InetAddress.getAllByName(address.getHost())) {
      Optional<String> objection = rule.objectionTo(found);
      if (objection.isPresent()) {
        throw new UnknownHostException("events are not sent to " + objection.get());
      }
    }
  }
}
