package dev.slipway.server.mesos;

import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.SandboxProblem;
import dev.slipway.server.api.Sandboxes;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The files of tasks by Mesos's paths, with Mesos's refusals. Stricter than Mesos: links are not
/// followed, and `..` is refused.
final class SandboxFiles {
  /// The most that one read gives: sixteen pages.
  static final int MAX_READ_BYTES = 64 * 1024;

  private final Sandboxes sandboxes;

  SandboxFiles(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
  }

  /// A part of a file, and how long the file is.
  static final class Part {
    private final byte[] bytes;
    private final long offset;
    private final long size;

    Part(byte[] bytes, long offset, long size) {
      this.bytes = bytes.clone();
      this.offset = offset;
      this.size = size;
    }

    byte[] bytes() {
      return bytes.clone();
    }

    long offset() {
      return offset;
    }

    long size() {
      return size;
    }
  }

  private interface Look<T> {
    T at(Sandbox sandbox, String path) throws IOException, SandboxRefusal;
  }

  /// The entries of a directory; as in Mesos none for what is not a directory.
  List<Sandbox.Entry> list(SandboxAddress address) throws IOException, SandboxRefusal {
    return look(
        address,
        "list",
        (sandbox, path) -> {
          try {
            return sandbox.list(path);
          } catch (SandboxProblem problem) {
            if (problem.kind() == SandboxProblem.Kind.NOT_A_DIRECTORY) {
              return List.of();
            }
            throw problem;
          }
        });
  }

  /// @param offset -1 asks for the size alone
  /// @param length -1 asks for all that one read gives
  Part read(SandboxAddress address, long offset, long length) throws IOException, SandboxRefusal {
    if (offset < -1) {
      throw SandboxRefusal.badRequest("Negative offset provided: " + offset);
    }
    if (length < -1) {
      throw SandboxRefusal.badRequest("Negative length provided: " + length);
    }
    return look(
        address,
        "read",
        (sandbox, path) -> {
          long size = sandbox.size(path);
          if (offset == -1) {
            return new Part(new byte[0], size, size);
          }
          int most = length == -1 ? MAX_READ_BYTES : (int) Math.min(length, MAX_READ_BYTES);
          return new Part(sandbox.read(path, offset, most), offset, size);
        });
  }

  InputStream open(SandboxAddress address) throws IOException, SandboxRefusal {
    return look(address, "download", Sandbox::open);
  }

  private <T> T look(SandboxAddress address, String verb, Look<T> look)
      throws IOException, SandboxRefusal {
    Sandbox sandbox = sandboxes.of(address.task()).orElseThrow(SandboxRefusal::missing);
    try {
      return look.at(sandbox, address.path());
    } catch (SandboxProblem problem) {
      throw switch (problem.kind()) {
        case MISSING -> SandboxRefusal.missing();
        case REFUSED ->
            SandboxRefusal.badRequest("'" + address.shown(address.path()) + "' is inaccessible");
        case NOT_A_FILE, NOT_A_DIRECTORY ->
            SandboxRefusal.badRequest("Cannot " + verb + " a directory");
      };
    }
  }
}
