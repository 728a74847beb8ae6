package dev.slipway.engine.local;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// How a task was started: what later calls (kill, measure, run a command beside it) need to know,
/// even by an engine that would start it otherwise today.
///
/// @param groups the directories of its control groups, none when there are none
/// @param memoryLimit the limit that is enforced in bytes, 0 for none
record RunRecord(IsolationTier tier, Account account, List<String> groups, long memoryLimit) {
  RunRecord {
    groups = List.copyOf(groups);
  }

  RecordFile.Content encode() {
    var lines = new RecordFile.Lines();
    lines.add("tier", tier.label()).add("uid", account.uid()).add("gid", account.gid());
    lines.addIfPresent("user", account.name()).add("memoryLimit", memoryLimit);
    groups.forEach(group -> lines.add("group", group));
    return lines.content();
  }

  static RunRecord decode(RecordFile.Content content) throws IOException {
    try {
      Optional<String> user = content.first("user");
      int uid = Integer.parseInt(content.required("uid"));
      int gid = Integer.parseInt(content.required("gid"));
      return new RunRecord(
          IsolationTier.of(content.required("tier")),
          new Account(uid, gid, user),
          content.all("group"),
          Long.parseLong(content.required("memoryLimit")));
    } catch (IllegalArgumentException e) {
      throw new IOException("the run record makes no sense: " + e.getMessage(), e);
    }
  }
}
