package dev.slipway.server.http;

import dev.slipway.server.file.OwnerOnlyFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;

/// The file that keeps the hash of the access token: one line, `sha256:` and 64 hexadecimal digits,
/// readable by its owner alone. A damaged file is refused and never replaced silently: that would
/// lock out everybody who holds the token.
public final class TokenFile {
  /// The file's name in the data directory.
  public static final String NAME = "access-token";

  private static final int TOKEN_BYTES = 32;
  private static final int MAX_FILE_BYTES = 1024;
  private static final String PREFIX = "sha256:";

  /// A token that was just made. It can be told once, now; nothing keeps it.
  ///
  /// @param value 43 letters, digits, `-` and `_`
  public record NewToken(String value) {
    @Override
    public String toString() {
      return "***";
    }
  }

  /// What the file holds.
  ///
  /// @param made the token, where the file had to be made
  public record Loaded(TokenHash hash, Optional<NewToken> made) {}

  private TokenFile() {}

  /// Reads the file, or makes a token and the file.
  ///
  /// @throws IOException when the file is damaged, or cannot be read or written
  public static Loaded loadOrCreate(Path file) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return new Loaded(read(file), Optional.empty());
    }
    byte[] random = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(random);
    var token = new NewToken(Base64.getUrlEncoder().withoutPadding().encodeToString(random));
    TokenHash hash = TokenHash.of(token.value());
    String line = PREFIX + hash.hex() + "\n";
    OwnerOnlyFile.write(file, line.getBytes(StandardCharsets.ISO_8859_1));
    return new Loaded(hash, Optional.of(token));
  }

  private static TokenHash read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) > MAX_FILE_BYTES) {
      throw damaged(file);
    }
    String text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
    if (!text.startsWith(PREFIX)) {
      throw damaged(file);
    }
    try {
      return TokenHash.ofHex(text.substring(PREFIX.length()));
    } catch (IllegalArgumentException notHex) {
      throw damaged(file);
    }
  }

  private static IOException damaged(Path file) {
    return new IOException(
        "%s does not hold the hash of an access token; put back a copy of it, or remove it to have a new token made"
            .formatted(file));
  }
}
