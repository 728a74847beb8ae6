package dev.slipway.journal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import org.sqlite.SQLiteJDBCLoader;
import org.sqlite.util.LibraryLoaderUtil;

/// SQLite's native library, kept beside the journal. Left to itself the driver unpacks a copy into
/// the directory for temporary files at every start, and one that is killed leaves it there.
///
/// The library is loaded once a process, so the first journal that is opened decides where from.
/// Where it cannot be kept or loaded, the driver does as it always does.
final class NativeLibrary {
  static final String DIRECTORY = "native";
  private static final String PATH_PROPERTY = "org.sqlite.lib.path";
  private static final String NAME_PROPERTY = "org.sqlite.lib.name";

  private NativeLibrary() {}

  /// Makes the driver load the library from below this directory.
  static void keepBelow(Path directory) {
    if (System.getProperty(PATH_PROPERTY) != null) {
      return;
    }
    try {
      byte[] wanted = packed();
      if (wanted.length == 0) {
        return;
      }
      Path kept = directory.toAbsolutePath().resolve(DIRECTORY);
      keep(wanted, kept);
      System.setProperty(PATH_PROPERTY, kept.toString());
      System.setProperty(NAME_PROPERTY, LibraryLoaderUtil.getNativeLibName());
    } catch (IOException full) {
      // The driver unpacks its own copy, or says better than we could why it cannot.
      return;
    }
  }

  /// The library in the driver's jar; empty if there is none for this machine.
  private static byte[] packed() throws IOException {
    String name =
        LibraryLoaderUtil.getNativeLibResourcePath() + "/" + LibraryLoaderUtil.getNativeLibName();
    try (InputStream stream = SQLiteJDBCLoader.class.getResourceAsStream(name)) {
      return stream == null ? new byte[0] : stream.readAllBytes();
    }
  }

  private static void keep(byte[] wanted, Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path file = directory.resolve(LibraryLoaderUtil.getNativeLibName());
    boolean regular = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    if (!regular || !Arrays.equals(Files.readAllBytes(file), wanted)) {
      Path fresh = Files.createTempFile(directory, "unpacking-", ".so");
      Files.write(fresh, wanted);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
