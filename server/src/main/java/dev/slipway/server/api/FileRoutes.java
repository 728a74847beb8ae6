package dev.slipway.server.api;

import dev.slipway.core.app.Timestamps;
import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.engine.SandboxProblem;
import dev.slipway.core.instance.TaskId;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.Refusal;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The files of tasks that run or ended lately. What a path may lead to is the sandbox's to say;
/// what comes out of it is never shown by a browser as a page of this server.
public final class FileRoutes implements RouteGroup {
  /// The most that one read gives.
  public static final int MAX_READ_BYTES = 64 * 1024;

  private static final int MIN_READ_BYTES = 4;
  private static final int MAX_PATH_LENGTH = 4096;
  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._-]");

  private record Listing(String path, List<File> entries) {}

  private record File(
      String path,
      String mode,
      long size,
      String modified,
      String owner,
      String group,
      int links,
      boolean directory) {
    static File of(Sandbox.Entry entry) {
      return new File(
          entry.path(),
          entry.mode(),
          entry.size(),
          Timestamps.format(entry.modified()),
          entry.owner(),
          entry.group(),
          entry.links(),
          entry.mode().startsWith("d"));
    }
  }

  /// @param offset where the data begins
  /// @param next where the next part begins
  /// @param size of the file now
  private record Piece(String data, long offset, long next, long size) {}

  private final Sandboxes sandboxes;

  public FileRoutes(Sandboxes sandboxes) {
    this.sandboxes = sandboxes;
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get("/api/v1/tasks/{taskId}/files", context -> looking(context, this::list));
    routes.get("/api/v1/tasks/{taskId}/files/read", context -> looking(context, this::read));
    routes.get(
        "/api/v1/tasks/{taskId}/files/download", context -> looking(context, this::download));
  }

  @FunctionalInterface
  private interface Look {
    void at(Context context) throws IOException;
  }

  private static void looking(Context context, Look look) throws IOException {
    try {
      look.at(context);
    } catch (SandboxProblem problem) {
      int status =
          switch (problem.kind()) {
            case MISSING -> 404;
            case REFUSED -> 403;
            case NOT_A_FILE, NOT_A_DIRECTORY -> 400;
          };
      throw new Refusal(status, String.valueOf(problem.getMessage()));
    }
  }

  private void list(Context context) throws IOException {
    String path = path(context, "");
    List<Sandbox.Entry> entries = sandbox(context).list(path);
    Json.answer(context, new Listing(path, entries.stream().map(File::of).toList()));
  }

  private void read(Context context) throws IOException {
    Sandbox sandbox = sandbox(context);
    String path = requiredPath(context);
    long offset = number(context, "offset", -1);
    long length = number(context, "length", MAX_READ_BYTES);
    long size = sandbox.size(path);
    if (offset < 0) {
      Json.answer(context, new Piece("", size, size, size));
      return;
    }
    int most = Math.clamp(length, MIN_READ_BYTES, MAX_READ_BYTES);
    var piece = Utf8Piece.of(sandbox.read(path, offset, most));
    Json.answer(context, new Piece(piece.text(), offset, offset + piece.length(), size));
  }

  private void download(Context context) throws IOException {
    String path = requiredPath(context);
    var stream = sandbox(context).open(path);
    String name = path.substring(path.lastIndexOf('/') + 1);
    context
        .contentType("application/octet-stream")
        .header(
            "Content-Disposition",
            "attachment; filename=\"" + UNSAFE.matcher(name).replaceAll("_") + "\"")
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .result(stream);
  }

  private Sandbox sandbox(Context context) {
    String text = context.pathParam("taskId");
    TaskId task;
    try {
      task = new TaskId(text);
    } catch (IllegalArgumentException notAnId) {
      throw Refusal.badRequest("that is not a task id");
    }
    return sandboxes
        .of(task)
        .orElseThrow(
            () -> Refusal.notFound("Task '%s' does not exist, or ended long ago".formatted(task)));
  }

  private static String requiredPath(Context context) {
    String path = path(context, "");
    if (path.isEmpty()) {
      throw Refusal.badRequest("say which file: ?path=stdout");
    }
    return path;
  }

  private static String path(Context context, String otherwise) {
    String path = Optional.ofNullable(context.queryParam("path")).orElse(otherwise);
    if (path.length() > MAX_PATH_LENGTH) {
      throw Refusal.badRequest("a path has at most " + MAX_PATH_LENGTH + " characters");
    }
    return path;
  }

  private static long number(Context context, String name, long otherwise) {
    String text = context.queryParam(name);
    if (text == null || text.isEmpty()) {
      return otherwise;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      throw Refusal.badRequest(name + " is a whole number");
    }
  }
}
