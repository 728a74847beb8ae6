package dev.slipway.artifacts;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// The addresses of a host name.
interface HostLookup {
  InetAddress[] addressesOf(String host) throws UnknownHostException;
}
