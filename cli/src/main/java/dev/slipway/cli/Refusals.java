package dev.slipway.cli;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Turns an answer that is not 2xx into a [Complaint]: Marathon's bodies (`message`, `details`,
/// `deployments`) and problem details of RFC 9457 (`title`, `detail`).
final class Refusals {
  private static final int LONGEST_WHAT = 500;

  private Refusals() {}

  static Complaint complaint(URI server, int status, byte[] body, @Nullable String location) {
    Json json = parsed(body);
    String said = said(json);
    String what = said.isEmpty() ? "The server at " + server + " answered " + status : said;
    return switch (status) {
      case 301, 302, 303, 307, 308 ->
          Complaint.of(Exit.REFUSED, "The server at " + server + " sends us to " + location)
              .mend("Name that one with --url, if you trust it.");
      case 401 ->
          Complaint.of(Exit.REFUSED, "The server at " + server + " wants a token" + after(said))
              .mend("Set SLIPWAY_TOKEN, or name a file that holds it with --token-file.");
      case 403 -> Complaint.of(Exit.REFUSED, what).because(reasons(json));
      case 409 -> Complaint.of(Exit.REFUSED, what).because(reasons(json)).mend(unlocking(json));
      case 400, 405, 411, 412, 413, 415, 422, 431 ->
          Complaint.of(Exit.REFUSED, what).because(reasons(json));
      case 429, 502, 503, 504 ->
          Complaint.of(Exit.UNAVAILABLE, what)
              .because(reasons(json))
              .mend("Nothing was changed; `slipway nodes` works as soon as the server does again.");
      default -> Complaint.of(Exit.FAILED, what).because(reasons(json));
    };
  }

  static Complaint notFound(byte[] body, String path) {
    String said = said(parsed(body));
    return Complaint.of(Exit.NOT_FOUND, said.isEmpty() ? "The server knows no " + path : said);
  }

  private static @Nullable String unlocking(Json json) {
    return json.at("deployments").items().isEmpty()
        ? null
        : "Wait for it (`slipway deployments`), or take its place with --force.";
  }

  private static String after(String said) {
    return said.isEmpty() ? "" : ": " + said;
  }

  private static Json parsed(byte[] body) {
    try {
      return Json.read(body);
    } catch (tools.jackson.core.JacksonException e) {
      return Json.NOTHING;
    }
  }

  private static String said(Json json) {
    for (String name : List.of("message", "detail", "title")) {
      String text = json.at(name).text();
      if (!text.isBlank()) {
        return Words.printable(
            text.length() > LONGEST_WHAT ? text.substring(0, LONGEST_WHAT) : text);
      }
    }
    return "";
  }

  /// One line for each path that Marathon complains of, and each deployment that holds a lock.
  private static List<String> reasons(Json json) {
    List<String> reasons = new ArrayList<>();
    Json details = json.at("details");
    if (details.isArray()) {
      for (Json detail : details.items()) {
        String path = detail.at("path").text("/");
        detail.at("errors").texts().forEach(error -> reasons.add(path + ": " + plain(error)));
      }
    } else if (!details.text().isBlank()) {
      reasons.add(details.text().strip());
    }
    for (Json deployment : json.at("deployments").items()) {
      reasons.add("deployment " + deployment.at("id").text());
    }
    return reasons.stream().map(Words::printable).toList();
  }

  /// Marathon's keys of Play's JSON validation, in words.
  private static String plain(String error) {
    return switch (error) {
      case "error.expected.jsstring" -> "must be a text";
      case "error.expected.jsnumber" -> "must be a number";
      case "error.expected.jsboolean" -> "must be true or false";
      case "error.expected.jsarray" -> "must be a list";
      case "error.expected.jsobject" -> "must be an object";
      case "error.path.missing" -> "is missing";
      default -> error;
    };
  }
}
