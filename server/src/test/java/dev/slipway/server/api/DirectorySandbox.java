package dev.slipway.server.api;

import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.SandboxProblem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// A sandbox that is a plain directory which nobody changes meanwhile.
final class DirectorySandbox implements Sandbox {
  private final Path root;

  DirectorySandbox(Path root) {
    this.root = root;
  }

  @Override
  public List<Entry> list(String path) throws IOException {
    Path directory = resolve(path);
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new SandboxProblem(SandboxProblem.Kind.NOT_A_DIRECTORY, "'" + path + "' is a file");
    }
    List<Entry> entries = new ArrayList<>();
    try (var files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        boolean inner = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
        entries.add(
            new Entry(
                root.relativize(file).toString(),
                inner ? "drwxr-xr-x" : "-rw-r--r--",
                Files.size(file),
                Instant.parse("2026-03-01T09:00:00Z"),
                "root",
                "root",
                1));
      }
    }
    return entries;
  }

  @Override
  public long size(String path) throws IOException {
    return Files.size(file(path));
  }

  @Override
  public byte[] read(String path, long offset, int length) throws IOException {
    try (var channel = Files.newByteChannel(file(path), StandardOpenOption.READ)) {
      var bytes = ByteBuffer.allocate(length);
      channel.position(offset);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
      byte[] read = new byte[bytes.position()];
      bytes.flip().get(read);
      return read;
    }
  }

  @Override
  public InputStream open(String path) throws IOException {
    return Files.newInputStream(file(path));
  }

  private Path file(String path) throws IOException {
    Path file = resolve(path);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new SandboxProblem(SandboxProblem.Kind.NOT_A_FILE, "'" + path + "' is no file");
    }
    return file;
  }

  private Path resolve(String path) throws IOException {
    Path result = root;
    for (String name : path.split("/")) {
      if (name.equals("..") || path.startsWith("/") || name.indexOf('\0') >= 0) {
        throw new SandboxProblem(SandboxProblem.Kind.REFUSED, "'..' leads out of the sandbox");
      }
      result = result.resolve(name);
      if (Files.isSymbolicLink(result)) {
        throw new SandboxProblem(SandboxProblem.Kind.REFUSED, "links are not followed");
      }
    }
    if (!Files.exists(result, LinkOption.NOFOLLOW_LINKS)) {
      throw new SandboxProblem(SandboxProblem.Kind.MISSING, "there is no '" + path + "'");
    }
    return result;
  }
}
