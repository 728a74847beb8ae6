package dev.slipway.server.marathon;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/// Which parts of apps and groups are told (`embed`, `InfoEmbedResolver.scala`). For apps the
/// prefixes `apps.`, `app.` and `group.apps.` mean the same, and none is needed; words that nobody
/// knows are passed over.
enum Embed {
  COUNTS,
  DEPLOYMENTS,
  TASKS,
  LAST_TASK_FAILURE,
  READINESS,
  TASK_STATS,
  GROUP_APPS,
  GROUP_GROUPS,
  GROUP_PODS;

  private static final List<String> APP_PREFIXES = List.of("group.apps.", "apps.", "app.");

  /// What is asked for of apps, beside what is always told.
  static Set<Embed> ofApps(List<String> words, Set<Embed> always) {
    Set<Embed> result = EnumSet.noneOf(Embed.class);
    result.addAll(always);
    words.forEach(word -> result.addAll(ofApp(withoutPrefix(word))));
    return result;
  }

  /// What is asked for of groups, and of the apps in them.
  static Set<Embed> ofGroups(List<String> words) {
    Set<Embed> result = ofApps(words, EnumSet.noneOf(Embed.class));
    for (String word : words) {
      switch (word) {
        case "group.apps" -> result.add(GROUP_APPS);
        case "group.groups" -> result.add(GROUP_GROUPS);
        case "group.pods" -> result.add(GROUP_PODS);
        default -> {}
      }
    }
    if (words.isEmpty()) {
      result.addAll(EnumSet.of(GROUP_APPS, GROUP_GROUPS, GROUP_PODS));
    }
    return result;
  }

  private static String withoutPrefix(String word) {
    return APP_PREFIXES.stream()
        .filter(word::startsWith)
        .findFirst()
        .map(prefix -> word.substring(prefix.length()))
        .orElse(word);
  }

  private static Set<Embed> ofApp(String word) {
    return switch (word) {
      case "counts" -> EnumSet.of(COUNTS);
      case "deployments" -> EnumSet.of(DEPLOYMENTS);
      // Deployments came along with tasks in early versions, and clients have relied on it since.
      case "tasks" -> EnumSet.of(TASKS, DEPLOYMENTS);
      case "failures" -> EnumSet.of(TASKS, DEPLOYMENTS, LAST_TASK_FAILURE);
      case "lastTaskFailure" -> EnumSet.of(LAST_TASK_FAILURE);
      case "readiness" -> EnumSet.of(READINESS);
      case "taskStats" -> EnumSet.of(TASK_STATS);
      default -> EnumSet.noneOf(Embed.class);
    };
  }
}
