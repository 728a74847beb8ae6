package dev.slipway.cli.server;

import dev.slipway.server.MemberSettings;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a server is among several that record in the same place.
final class MemberOptions {
  @Option(
      names = "--advertise",
      paramLabel = "URL",
      description = "Where the other servers reach this one: http://HOST:PORT; as --listen says.")
  @Nullable String advertise;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What people call this server among several; its host's name.")
  @Nullable String name;

  @Option(
      names = "--keys",
      paramLabel = "DIR",
      description =
          "Holds what the servers of a platform have in common: access-token, secret.key and"
              + " link.key; the data directory.")
  @Nullable Path keys;

  MemberSettings member(Reading read) {
    MemberSettings settings =
        MemberSettings.DEFAULT.named(read.text("--name", name).orElseGet(MemberOptions::hostName));
    settings =
        read.text("--advertise", advertise)
            .map(URI::create)
            .map(settings::advertising)
            .orElse(settings);
    return read.text("--keys", keys)
        .map(directory -> Path.of(directory).toAbsolutePath())
        .map(settings::keysIn)
        .orElse(settings);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "";
    }
  }
}
