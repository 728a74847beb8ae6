package dev.slipway.cli;

import java.util.List;

/// Ids of apps as people type them.
final class AppIds {
  private AppIds() {}

  /// `web` and `/web` are the same app.
  static String absolute(String typed) {
    String id = typed.startsWith("/") ? typed : "/" + typed;
    return id.length() > 1 && id.endsWith("/") ? id.substring(0, id.length() - 1) : id;
  }

  /// The complaint about an app that is not there, with the ids that look like it.
  static Complaint unknown(Api api, String id) {
    List<String> ids =
        api.get("/v2/apps").json().at("apps").items().stream()
            .map(app -> app.at("id").text())
            .toList();
    List<String> near = Words.nearest(id, ids);
    Complaint complaint = Complaint.of(Exit.NOT_FOUND, "There is no app " + Words.printable(id));
    if (!near.isEmpty()) {
      return complaint.mend("Did you mean " + String.join(" or ", near) + "?");
    }
    boolean group = ids.stream().anyMatch(app -> app.startsWith(id.equals("/") ? "/" : id + "/"));
    if (group) {
      return complaint.mend(id + " is a group; `slipway apps " + id + "` lists its apps.");
    }
    return complaint.mend(
        ids.isEmpty()
            ? "No app is deployed; begin with `slipway deploy FILE`."
            : "`slipway apps` lists the " + Words.count(ids.size(), "app") + " there are.");
  }

  /// The answer, unless it says that the app is not there.
  static Api.Answer required(Api api, Api.Answer answer, String id) {
    if (!answer.found()) {
      throw unknown(api, id);
    }
    return answer;
  }
}
