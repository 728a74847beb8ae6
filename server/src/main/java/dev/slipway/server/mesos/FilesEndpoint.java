package dev.slipway.server.mesos;

import dev.slipway.core.engine.Sandbox;
import dev.slipway.core.instance.Instance;
import dev.slipway.server.api.Sandboxes;
import dev.slipway.server.api.StateSource;
import dev.slipway.server.api.Utf8Piece;
import dev.slipway.server.http.Json;
import dev.slipway.server.http.RouteGroup;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Mesos's `/files` and the two calls about files of its operator API (`POST /api/v1`).
///
/// `jsonp` is refused: a script of any web page could then read the files of tasks on a machine
/// that asks for no token.
public final class FilesEndpoint implements RouteGroup {
  private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._-]");

  private final SandboxFiles files;
  private final StateSource source;

  public FilesEndpoint(Sandboxes sandboxes, StateSource source) {
    this.files = new SandboxFiles(sandboxes);
    this.source = source;
  }

  @Override
  public void register(RoutesConfig routes) {
    // Mesos's clients from before 0.26 write the ending.
    for (String ending : List.of("", ".json")) {
      routes.get("/files/browse" + ending, context -> answering(context, this::browse));
      routes.get("/files/read" + ending, context -> answering(context, this::read));
      routes.get("/files/download" + ending, context -> answering(context, this::download));
      routes.get("/files/debug" + ending, context -> answering(context, this::debug));
    }
    routes.post("/api/v1", context -> answering(context, this::call));
  }

  @FunctionalInterface
  private interface Answer {
    void to(Context context) throws IOException, SandboxRefusal;
  }

  private static void answering(Context context, Answer answer) throws IOException {
    try {
      if (context.queryParam("jsonp") != null) {
        throw SandboxRefusal.badRequest(
            "'jsonp' is not supported, since any web page could read files with it");
      }
      answer.to(context);
    } catch (SandboxRefusal refusal) {
      context
          .status(refusal.status())
          .contentType("text/plain; charset=utf-8")
          .result(refusal.text());
    }
  }

  private void browse(Context context) throws IOException, SandboxRefusal {
    SandboxAddress address = address(context);
    List<FileAnswer.Listed> listed =
        files.list(address).stream().map(entry -> FileAnswer.Listed.of(address, entry)).toList();
    Json.answer(context, listed);
  }

  private void read(Context context) throws IOException, SandboxRefusal {
    String path = requiredPath(context);
    long offset = number(context, "offset");
    long length = number(context, "length");
    SandboxFiles.Part part = files.read(parsed(path), offset, length);
    var piece = Utf8Piece.of(part.bytes());
    Json.answer(context, new FileAnswer.Piece(piece.text(), part.offset()));
  }

  private void download(Context context) throws IOException, SandboxRefusal {
    SandboxAddress address = address(context);
    var stream = files.open(address);
    String name = address.path().substring(address.path().lastIndexOf('/') + 1);
    context
        .contentType(FileAnswer.contentType(name))
        .header(
            "Content-Disposition", "attachment; filename=" + UNSAFE.matcher(name).replaceAll("_"))
        .header("Content-Security-Policy", "sandbox; default-src 'none'")
        .result(stream);
  }

  /// Which directories there are. Where they lie on which disk is nobody's business here: the other
  /// side of the map is the short spelling.
  private void debug(Context context) {
    var state = source.state();
    String framework = state.platform().id();
    var paths = new TreeMap<String, String>();
    for (var app : state.instances().values()) {
      for (Instance instance : app.values()) {
        instance
            .place()
            .ifPresent(
                place ->
                    paths.put(
                        SandboxAddress.directory(
                            place.node().value(), framework, instance.id().task()),
                        "/tasks/" + instance.id().task()));
      }
    }
    Json.answer(context, paths);
  }

  private void call(Context context) throws IOException, SandboxRefusal {
    JsonNode call;
    try {
      call = Json.mapper().readTree(context.bodyAsBytes());
    } catch (JacksonException e) {
      throw SandboxRefusal.badRequest("Failed to parse body into JSON");
    }
    switch (call.path("type").asString("")) {
      case "LIST_FILES" -> {
        SandboxAddress address = parsed(required(call.path("list_files"), "list_files"));
        List<Sandbox.Entry> entries = files.list(address);
        Json.answer(
            context,
            FileAnswer.Listing.of(
                entries.stream().map(entry -> FileAnswer.FileInfo.of(address, entry)).toList()));
      }
      case "READ_FILE" -> {
        JsonNode wish = call.path("read_file");
        SandboxAddress address = parsed(required(wish, "read_file"));
        JsonNode offset = wish.path("offset");
        if (!offset.canConvertToLong() || offset.asLong() < 0) {
          throw SandboxRefusal.badRequest("Expecting 'read_file.offset' to be a positive number");
        }
        long length = wish.path("length").canConvertToLong() ? wish.path("length").asLong() : -1;
        SandboxFiles.Part part = files.read(address, offset.asLong(), length);
        Json.answer(context, FileAnswer.Content.of(part.bytes(), part.size()));
      }
      default ->
          throw new SandboxRefusal(
              501, "Of Mesos's calls only LIST_FILES and READ_FILE are answered here.\n");
    }
  }

  private static String required(JsonNode wish, String name) throws SandboxRefusal {
    String path = wish.path("path").asString("");
    if (path.isEmpty()) {
      throw SandboxRefusal.badRequest("Expecting '" + name + ".path' to be present");
    }
    return path;
  }

  private static SandboxAddress address(Context context) throws SandboxRefusal {
    return parsed(requiredPath(context));
  }

  private static SandboxAddress parsed(String path) throws SandboxRefusal {
    return SandboxAddress.parse(path).orElseThrow(SandboxRefusal::missing);
  }

  private static String requiredPath(Context context) throws SandboxRefusal {
    return Optional.ofNullable(context.queryParam("path"))
        .filter(path -> !path.isEmpty())
        .orElseThrow(() -> new SandboxRefusal(400, "Expecting 'path=value' in query.\n"));
  }

  private static long number(Context context, String name) throws SandboxRefusal {
    String text = context.queryParam(name);
    if (text == null) {
      return -1;
    }
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException notANumber) {
      String shown = text.substring(0, Math.min(text.length(), 40));
      throw SandboxRefusal.badRequest(
          "Failed to parse " + name + ": Failed to convert '" + shown + "' to number");
    }
  }
}
