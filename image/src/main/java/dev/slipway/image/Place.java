package dev.slipway.image;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/// Where an image comes from or goes to: a registry, or a tar file as `docker save` writes it.
sealed interface Place {
  String TAR = "tar:";

  /// An image of a registry, as `[HOST[:PORT]/]NAME[:TAG|@DIGEST]`; without a host Docker Hub's.
  record Registry(ImageReference image) implements Place {
    private static final Pattern LOOPBACK =
        Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");

    /// As of Docker: a registry of this machine alone may do without TLS.
    @Override
    public boolean mayGoWithoutTls() {
      return LOOPBACK.matcher(image.getRegistry()).matches();
    }
  }

  /// A file of this machine.
  record Tar(Path file) implements Place {
    @Override
    public boolean mayGoWithoutTls() {
      return true;
    }
  }

  /// Whether nobody can listen in or answer in its stead, so that it needs no TLS.
  boolean mayGoWithoutTls();

  /// @throws IllegalArgumentException when it is neither
  static Place parse(String text) {
    if (text.startsWith(TAR)) {
      String file = text.substring(TAR.length());
      if (file.isEmpty()) {
        throw new IllegalArgumentException("'tar:' needs a file: tar:FILE");
      }
      return new Tar(Path.of(file).toAbsolutePath());
    }
    return new Registry(reference(text));
  }

  /// @throws IllegalArgumentException when it names no image
  static ImageReference reference(String text) {
    try {
      return ImageReference.parse(text);
    } catch (InvalidImageReferenceException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not the name of an image, such as registry.example/slipway:1");
    }
  }
}
