package dev.slipway.image;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import com.google.cloud.tools.jib.api.buildplan.Port;
import com.google.cloud.tools.jib.frontend.CredentialRetrieverFactory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;

/// The one image of Slipway: the server's, that of the init containers, and what runs apps without
/// an image of their own.
///
/// Three layers stand on the base: the libraries, which seldom change, our own jars, and the start
/// script. The same inputs give the same image, byte for byte.
///
/// @param base has a Java 25 runtime as `java` on its path, and a shell
/// @param target where it goes
/// @param name what it is called in a tar
/// @param jars all that the command needs at run time
/// @param cache layers already made or loaded
record SlipwayImage(Place base, Place target, ImageReference name, Path jars, Path cache) {
  static final String DEFAULT_BASE = "eclipse-temurin:25-jre";

  private static final String SCRIPT = "/slipway/bin/slipway";
  private static final String LIBRARIES = "/slipway/lib/";
  private static final int API_PORT = 8080;

  /// What the server and the tasks of apps without an image find.
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          // File names are bytes; the JVM reads them by the locale.
          "LC_ALL", "C.UTF-8",
          "SLIPWAY_DATA", "/var/lib/slipway",
          "SLIPWAY_LISTEN", "0.0.0.0:" + API_PORT);

  /// Builds the image, and writes it or pushes it.
  ///
  /// @return the image's digest
  /// @throws IOException with a sentence for people when a file, a registry or the base fails
  String build() throws IOException, InterruptedException {
    Path script = Files.createTempFile("slipway-start", ".sh");
    // Closing it waits for the work that goes on when another part of it has failed.
    try (ExecutorService workers = Executors.newCachedThreadPool();
        InputStream text = SlipwayImage.class.getResourceAsStream("/slipway")) {
      if (text == null) {
        throw new IOException("this build lacks the image's start script");
      }
      Files.write(script, text.readAllBytes());
      JibContainer container = described(script).containerize(containerizer(workers));
      return container.getDigest().toString();
    } catch (RegistryException | ExecutionException e) {
      throw new IOException(innermost(e), e);
    } catch (CacheDirectoryCreationException e) {
      throw new IOException("the directory " + cache + " cannot be made: " + e.getMessage(), e);
    } finally {
      Files.deleteIfExists(script);
    }
  }

  private JibContainerBuilder described(Path script) throws IOException {
    FileEntriesLayer start =
        FileEntriesLayer.builder()
            .setName("start")
            .addEntry(script, AbsoluteUnixPath.get(SCRIPT), FilePermissions.fromOctalString("755"))
            .build();
    return from()
        .setFormat(ImageFormat.Docker)
        .setCreationTime(Instant.EPOCH)
        .setEnvironment(ENVIRONMENT)
        .setExposedPorts(Port.tcp(API_PORT))
        .setEntrypoint(SCRIPT)
        .setProgramArguments("server")
        .addFileEntriesLayer(layer("libraries", name -> !isOurs(name)))
        .addFileEntriesLayer(layer("slipway", SlipwayImage::isOurs))
        .addFileEntriesLayer(start);
  }

  private static boolean isOurs(String jar) {
    return jar.startsWith("slipway-");
  }

  private FileEntriesLayer layer(String name, Predicate<String> chosen) throws IOException {
    var layer = FileEntriesLayer.builder().setName(name);
    for (Path jar : allJars()) {
      String file = jar.getFileName().toString();
      if (chosen.test(file)) {
        layer.addEntry(jar, AbsoluteUnixPath.get(LIBRARIES + file));
      }
    }
    return layer.build();
  }

  private List<Path> allJars() throws IOException {
    try (var files = Files.list(jars)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    }
  }

  private JibContainerBuilder from() {
    return switch (base) {
      case Place.Registry(ImageReference image) -> Jib.from(withCredentials(image));
      case Place.Tar(Path file) -> Jib.from(TarImage.at(file));
    };
  }

  private Containerizer containerizer(ExecutorService workers) {
    Containerizer target =
        switch (this.target) {
          case Place.Registry(ImageReference image) -> Containerizer.to(withCredentials(image));
          case Place.Tar(Path file) -> Containerizer.to(TarImage.at(file).named(name));
        };
    return target
        .setToolName("slipway")
        .setAllowInsecureRegistries(base.mayGoWithoutTls() && this.target.mayGoWithoutTls())
        .setExecutorService(workers)
        .setBaseImageLayersCache(cache.resolve("base"))
        .setApplicationLayersCache(cache.resolve("layers"));
  }

  /// Those that `docker login` has left, if any.
  private static RegistryImage withCredentials(ImageReference image) {
    return RegistryImage.named(image)
        .addCredentialRetriever(
            CredentialRetrieverFactory.forImage(image, event -> {}).dockerConfig());
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof SSLException) {
      return "the registry's TLS is not trusted, or it has none, which only one of this machine may"
          + " do without (with a base that is a file, or of this machine too): "
          + cause.getMessage();
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }
}
