package dev.slipway.image;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// What an image is made of, as small as can be.
final class SmallImage {
  private SmallImage() {}

  /// A build as `./slipway` leaves it: a library and two jars of ours.
  static void writeBuild(Path home) throws IOException {
    Path jars = Files.createDirectories(home.resolve("cli/target/slipway/lib"));
    for (String jar : List.of("netlib-1.0.jar", "slipway-core-1.jar", "slipway-cli-1.jar")) {
      Files.writeString(jars.resolve(jar), "the bytes of " + jar);
    }
  }

  /// As `docker save` would write an image with one file.
  static void writeBase(Path file) throws Exception {
    byte[] layer = tar(Map.of("bin/sh", "a shell"));
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(layer));
    String config =
        """
        {"architecture":"amd64","os":"linux","rootfs":{"type":"layers","diff_ids":["sha256:%s"]},
         "config":{"Env":["PATH=/opt/java/bin:/bin"]}}
        """
            .formatted(digest);
    String manifest =
        """
        [{"Config":"config.json","RepoTags":["base:1"],"Layers":["layer.tar"]}]
        """;
    var bytes = new ByteArrayOutputStream();
    try (var archive = new TarArchiveOutputStream(bytes)) {
      add(archive, "manifest.json", manifest.getBytes(UTF_8));
      add(archive, "config.json", config.getBytes(UTF_8));
      add(archive, "layer.tar", layer);
    }
    Files.write(file, bytes.toByteArray());
  }

  static byte[] tar(Map<String, String> files) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var archive = new TarArchiveOutputStream(bytes)) {
      for (var file : files.entrySet()) {
        add(archive, file.getKey(), file.getValue().getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }

  private static void add(TarArchiveOutputStream archive, String name, byte[] bytes)
      throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(bytes.length);
    archive.putArchiveEntry(entry);
    archive.write(bytes);
    archive.closeArchiveEntry();
  }
}
