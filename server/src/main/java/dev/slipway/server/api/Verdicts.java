package dev.slipway.server.api;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.control.Prospects;
import dev.slipway.core.placement.NodeVerdict;
import dev.slipway.core.placement.Placer;
import dev.slipway.core.placement.Reason;
import dev.slipway.core.placement.Survey;
import dev.slipway.core.state.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the nodes say to one more instance of an app, now.
///
/// @param nodes one verdict a node
record Verdicts(List<NodeVerdict> nodes) {
  /// Nodes that a sentence names.
  private static final int MOST_POSTS = 3;

  static Verdicts of(State state, AppSpec app) {
    return new Verdicts(Prospects.explain(state, app));
  }

  /// How many nodes say what.
  static Survey survey(State state, AppSpec app) {
    return Prospects.survey(state, app, new Placer());
  }

  /// In a sentence: `no node has room: 2 nodes lack cpus, 1 is draining`.
  static String sentence(Survey survey) {
    Map<Reason, Integer> counts = survey.byReason();
    if (counts.isEmpty()) {
      return "there are no nodes";
    }
    if (counts.containsKey(Reason.FITS)) {
      return "a node has room; it is about to be placed";
    }
    List<String> parts = new ArrayList<>();
    counts.forEach((reason, count) -> parts.add(phrase(reason, count, parts.isEmpty())));
    return "no node has room: " + String.join(", ", parts);
  }

  /// The same of a daemon, for which each node that lacks one is another matter: `waits for room on
  /// n2: mem 96 MiB free < 200 MiB requested`.
  String ofPosts() {
    List<String> parts = new ArrayList<>();
    int more = 0;
    for (NodeVerdict verdict : nodes) {
      if (verdict.fits()) {
        return "%s has room; it is about to be placed".formatted(verdict.node());
      }
      if (verdict.reason() == Reason.NOT_NEEDED) {
        continue;
      }
      if (parts.size() < MOST_POSTS) {
        parts.add("%s: %s".formatted(verdict.node(), verdict.detail()));
      } else {
        more++;
      }
    }
    String rest = more == 0 ? "" : "; and on %d more".formatted(more);
    return "waits for room on " + String.join("; ", parts) + rest;
  }

  private static String phrase(Reason reason, int count, boolean first) {
    String noun = count == 1 ? "node" : "nodes";
    String subject = first ? count + " " + noun : String.valueOf(count);
    boolean one = count == 1;
    return subject
        + switch (reason) {
          case UNFULFILLED_ROLE ->
              one ? " has no role that is accepted" : " have no role that is accepted";
          case PORTS_NOT_OFFERED ->
              one ? " does not have its ports at all" : " do not have its ports at all";
          case MISSING_FEATURE -> " cannot run such tasks";
          case VOLUMES_ELSEWHERE -> one ? " does not have its volumes" : " do not have its volumes";
          case NOT_NEEDED -> one ? " needs no instance" : " need no instance";
          case UNFULFILLED_CONSTRAINT ->
              one ? " does not meet the constraints" : " do not meet the constraints";
          case NODE_DEDICATED ->
              one ? " is dedicated to other apps" : " are dedicated to other apps";
          case NODE_UNREACHABLE -> one ? " is unreachable" : " are unreachable";
          case NODE_DRAINING -> one ? " is draining" : " are draining";
          case NODE_CLOSED -> one ? " is closed to new tasks" : " are closed to new tasks";
          case NODE_FULL ->
              one ? " holds as many tasks as it takes" : " hold as many tasks as they take";
          case INSUFFICIENT_CPUS -> lacks(one, "cpus");
          case INSUFFICIENT_MEMORY -> lacks(one, "mem");
          case INSUFFICIENT_DISK -> lacks(one, "disk");
          case INSUFFICIENT_GPUS -> lacks(one, "gpus");
          case INSUFFICIENT_PORTS -> lacks(one, "ports");
          case KEPT_AS_HEADROOM ->
              one ? " keeps its room free as headroom" : " keep their room free as headroom";
          case FITS -> one ? " has room" : " have room";
        };
  }

  private static String lacks(boolean one, String what) {
    return (one ? " lacks " : " lack ") + what;
  }
}
