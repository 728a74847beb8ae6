package dev.slipway.cli.server;

import dev.slipway.cli.Complaint;
import dev.slipway.cli.Exit;
import dev.slipway.engine.kubernetes.KubernetesRefusal;
import dev.slipway.engine.local.EngineRefusal;
import dev.slipway.journal.DirectoryInUse;
import dev.slipway.journal.JournalException;
import dev.slipway.server.Server;
import dev.slipway.server.ServerSettings;
import dev.slipway.server.http.ListenProblem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.function.Consumer;

/// Starts a server in this process, and says in a person's words why one does not start.
public final class Platform {
  private Platform() {}

  /// @param stopped told why, should the server be unable to go on
  public static Server start(ServerSettings settings, Consumer<String> stopped) {
    try {
      return Server.start(settings, stopped);
    } catch (DirectoryInUse inUse) {
      throw complaint(inUse)
          .mend("Stop that server first, or give this one a directory of its own with --data.");
    } catch (JournalException damaged) {
      throw complaint(damaged);
    } catch (ListenProblem problem) {
      throw complaint(problem)
          .mend("Choose another with --listen, such as --listen 127.0.0.1:8081.");
    } catch (EngineRefusal refusal) {
      throw complaint(refusal);
    } catch (KubernetesRefusal refusal) {
      List<String> lines = String.valueOf(refusal.getMessage()).lines().toList();
      throw Complaint.of(Exit.FAILED, lines.getFirst()).because(lines.subList(1, lines.size()));
    } catch (AccessDeniedException denied) {
      throw Complaint.of(Exit.FAILED, "The data directory cannot be used: " + denied.getFile())
          .mend("Its owner has to be who runs the server; or name another with --data.");
    } catch (FileSystemException file) {
      throw Complaint.of(Exit.FAILED, "The data directory cannot be used: " + file.getMessage());
    } catch (IOException | RuntimeException failure) {
      if (failure instanceof IllegalArgumentException wrong) {
        throw Complaint.of(Exit.USAGE, String.valueOf(wrong.getMessage()));
      }
      if (failure instanceof RuntimeException bug) {
        throw bug;
      }
      throw Complaint.of(Exit.FAILED, "The server does not start: " + failure.getMessage())
          .because(List.of(failure.getClass().getSimpleName()));
    }
  }

  private static Complaint complaint(RuntimeException refusal) {
    return Complaint.of(Exit.FAILED, String.valueOf(refusal.getMessage()));
  }
}
