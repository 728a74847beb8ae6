package dev.slipway.server.secret;

import static java.nio.file.StandardOpenOption.READ;

import dev.slipway.core.engine.SecretUnreadable;
import dev.slipway.server.file.OwnerOnlyFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// The file that holds the keys: a heading, then one key a line, `<id> <base64>`, the current one
/// first. Readable by the server's account alone; anything else is refused, and what cannot be read
/// is never replaced: without it, all that was sealed with it is lost.
///
/// A change is written beside it and renamed into its place, both on the disk, so that after a
/// crash the file is the old one or the new one. Any thread may call.
final class KeyFile {
  static final String NAME = "secret.key";

  private static final String HEADING = "slipway-secret-keys 1";
  private static final int MAX_BYTES = 4096;
  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.range(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_EXECUTE);

  private final Path file;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  KeyFile(Path file) {
    this.file = file;
  }

  Path path() {
    return file;
  }

  /// The keys, or nothing when there is no such file.
  ///
  /// @throws SecretUnreadable when there is one that is not to be trusted or not to be understood
  Optional<SealingKeys> read() {
    lock.readLock().lock();
    try {
      return locked();
    } finally {
      lock.readLock().unlock();
    }
  }

  private Optional<SealingKeys> locked() {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try {
      PosixFileAttributes before = trusted();
      String text = text();
      // Whoever could swap the file between the two looks could also write the keys themselves;
      // this catches the accident.
      if (!Objects.equals(before.fileKey(), trusted().fileKey())) {
        throw problem("was replaced while it was read; try again");
      }
      return Optional.of(keys(text));
    } catch (IOException failure) {
      throw new SecretUnreadable(
          "the key file " + file + " cannot be read: " + failure.getMessage(), failure);
    }
  }

  /// Puts these keys in the place of the ones that were read before.
  ///
  /// @throws IOException when the disk does not take them; the file is as it was
  void write(SealingKeys keys) throws IOException {
    lock.writeLock().lock();
    try {
      replace(keys);
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void replace(SealingKeys keys) throws IOException {
    var text = new StringBuilder(HEADING).append('\n');
    keys.all().forEach(key -> text.append(key.id()).append(' ').append(key.encoded()).append('\n'));
    OwnerOnlyFile.write(file, text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /// What a crash while writing leaves behind.
  Path unfinished() {
    return OwnerOnlyFile.unfinished(file);
  }

  private PosixFileAttributes trusted() throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(file, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      throw problem("is a link or no plain file, and is not read; put the key file itself there");
    }
    if (attributes.permissions().stream().anyMatch(OF_OTHERS::contains)) {
      throw problem(
          "can be used by others than its owner (%s), and is not read; run `chmod 600 %s`, and then, since others may know the key, `slipway secret rotate-key`"
              .formatted(PosixFilePermissions.toString(attributes.permissions()), file));
    }
    Object owner = Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    if (!owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      throw problem(
          "belongs to another account (uid %s) than the server's, and is not read; change its owner"
              .formatted(owner));
    }
    return attributes;
  }

  private String text() throws IOException {
    try (var channel = FileChannel.open(file, Set.of(READ, LinkOption.NOFOLLOW_LINKS))) {
      var bytes = ByteBuffer.allocate(MAX_BYTES + 1);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Reads on to the end of the file or of the buffer.
      }
      if (!bytes.hasRemaining()) {
        throw damaged("it is too large");
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.ISO_8859_1);
    }
  }

  private SealingKeys keys(String text) {
    List<String> lines = text.lines().toList();
    if (lines.isEmpty() || !lines.getFirst().equals(HEADING)) {
      throw damaged("its first line is not '" + HEADING + "'");
    }
    if (lines.size() < 2 || lines.size() > 1 + SealingKeys.MAX_KEYS || !text.endsWith("\n")) {
      throw damaged("it was cut off, or does not hold 1 to " + SealingKeys.MAX_KEYS + " keys");
    }
    List<SealingKey> keys = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      keys.add(key(lines.get(i), i + 1));
    }
    return new SealingKeys(keys);
  }

  private SealingKey key(String line, int number) {
    int space = line.indexOf(' ');
    try {
      SealingKey key = new SealingKey(Base64.getDecoder().decode(line.substring(space + 1)));
      // The last letters of a key have bits to spare, which decoding passes over.
      if (space > 0 && line.equals(key.id() + " " + key.encoded())) {
        return key;
      }
    } catch (IllegalArgumentException notAKey) {
      // Told below; what stands there may be most of a key.
    }
    throw damaged("its line " + number + " is not a key and its id");
  }

  private SecretUnreadable damaged(String how) {
    return problem("is damaged: " + how + "; put back the copy of it from your backup");
  }

  private SecretUnreadable problem(String what) {
    return new SecretUnreadable("the key file " + file + " " + what);
  }
}
