package dev.slipway.artifacts;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Which addresses a download may connect to. It judges the address that is connected to, never the
/// name in the URI, so neither notation (decimal, octal, IPv4 in IPv6) nor a name's changing answer
/// gets around it.
///
/// Never allowed: unspecified, multicast, broadcast and reserved addresses, which are no place for
/// an artifact.
///
/// @param loopback this machine
/// @param privateNetworks RFC 1918, 100.64.0.0/10, fc00::/7
/// @param linkLocal 169.254.0.0/16, fe80::/10 and the addresses where clouds serve a machine's
///     credentials
public record AddressPolicy(boolean loopback, boolean privateNetworks, boolean linkLocal) {
  /// For people who run their own machines: all but link-local and metadata.
  public static final AddressPolicy DEFAULT = new AddressPolicy(true, true, false);

  /// Metadata services outside the link-local ranges: AWS over IPv6, Alibaba, Oracle.
  private static final List<Range> METADATA =
      List.of(
          Range.of("fd00:ec2::254", 128),
          Range.of("100.100.100.200", 32),
          Range.of("192.0.0.192", 32));

  private static final List<Range> LINK_LOCAL =
      List.of(Range.of("169.254.0.0", 16), Range.of("fe80::", 10));
  private static final List<Range> NEVER =
      List.of(
          Range.of("0.0.0.0", 8),
          Range.of("224.0.0.0", 4),
          Range.of("240.0.0.0", 4),
          Range.of("::", 128),
          Range.of("ff00::", 8));
  private static final List<Range> LOOPBACK =
      List.of(Range.of("127.0.0.0", 8), Range.of("::1", 128));
  private static final List<Range> PRIVATE =
      List.of(
          Range.of("10.0.0.0", 8),
          Range.of("172.16.0.0", 12),
          Range.of("192.168.0.0", 16),
          Range.of("100.64.0.0", 10),
          Range.of("fc00::", 7),
          Range.of("fec0::", 10));

  /// What is wrong with an address, or nothing.
  public Optional<String> objectionTo(InetAddress address) {
    byte[] bytes = embeddedIpv4(address.getAddress());
    if (anyContains(NEVER, bytes)) {
      return Optional.of("not an address of a machine");
    }
    if (!linkLocal && (anyContains(LINK_LOCAL, bytes) || anyContains(METADATA, bytes))) {
      return Optional.of("a link-local or cloud metadata address");
    }
    if (!loopback && anyContains(LOOPBACK, bytes)) {
      return Optional.of("a loopback address");
    }
    boolean metadataInPrivateRange = anyContains(METADATA, bytes);
    if (!privateNetworks && !metadataInPrivateRange && anyContains(PRIVATE, bytes)) {
      return Optional.of("an address of a private network");
    }
    return Optional.empty();
  }

  private static boolean anyContains(List<Range> ranges, byte[] address) {
    return ranges.stream().anyMatch(range -> range.contains(address));
  }

  /// The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64 (RFC 6052, RFC
  /// 8215), 6to4 (RFC 3056). Any other address as it is.
  private static byte[] embeddedIpv4(byte[] address) {
    if (address.length == 4) {
      return address;
    }
    String hex = HexFormat.of().formatHex(address);
    boolean inLastFourBytes =
        hex.startsWith("00000000000000000000ffff")
            || hex.startsWith("0064ff9b0000000000000000")
            || hex.startsWith("0064ff9b0001")
            || (hex.startsWith("000000000000000000000000") && !hex.startsWith("0000", 24));
    if (inLastFourBytes) {
      return Arrays.copyOfRange(address, 12, 16);
    }
    return hex.startsWith("2002") ? Arrays.copyOfRange(address, 2, 6) : address;
  }

  /// A network, or one address.
  record Range(InetAddress first, int bits) {
    /// `10.0.0.0/8`, `10.1.2.3`, `fc00::/7`; nothing for what is neither.
    static Optional<Range> parse(String text) {
      int slash = text.indexOf('/');
      try {
        InetAddress first = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
        int most = first.getAddress().length * 8;
        int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
        return bits < 0 || bits > most ? Optional.empty() : Optional.of(new Range(first, bits));
      } catch (IllegalArgumentException neither) {
        return Optional.empty();
      }
    }

    static Range of(String literal, int bits) {
      return new Range(InetAddress.ofLiteral(literal), bits);
    }

    boolean contains(byte[] address) {
      byte[] prefix = first.getAddress();
      if (address.length != prefix.length) {
        return false;
      }
      int whole = bits / 8;
      if (!Arrays.equals(prefix, 0, whole, address, 0, whole)) {
        return false;
      }
      int unused = 8 - bits % 8;
      return unused == 8 || (prefix[whole] & 0xff) >> unused == (address[whole] & 0xff) >> unused;
    }
  }

  /// A host whose address the policy refuses.
  static final class RefusedAddress extends UnknownHostException {
    private static final long serialVersionUID = 1;

    RefusedAddress(String message) {
      super(message);
    }
  }
}
