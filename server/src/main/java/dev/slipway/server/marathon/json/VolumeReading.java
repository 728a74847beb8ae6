package dev.slipway.server.marathon.json;

import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.Volume;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/// Reads a container's volumes (`volumes.raml`, `AppValidation.validVolume`). Which kind a volume
/// is follows from the key that it has: `persistent`, `external`, `secret`, or none of them for a
/// directory of the node.
final class VolumeReading {
  private static final Pattern LABEL =
      Pattern.compile("^[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?$");

  private static final Map<String, Volume.Disk> DISKS = new LinkedHashMap<>();
  private static final Map<String, Boolean> READ_ONLY = new LinkedHashMap<>();

  static {
    DISKS.put("root", Volume.Disk.ROOT);
    DISKS.put("path", Volume.Disk.PATH);
    DISKS.put("mount", Volume.Disk.MOUNT);
    READ_ONLY.put("RO", true);
    READ_ONLY.put("RW", false);
  }

  private VolumeReading() {}

  static List<Volume> read(Fields container) {
    List<Volume> volumes =
        container
            .list(
                "volumes",
                AppLimits.VOLUMES,
                (node, path) ->
                    Fields.of(node, path, container.faults()).flatMap(VolumeReading::one))
            .orElse(List.of());
    checkNames(container, volumes);
    return volumes;
  }

  private static void checkNames(Fields container, List<Volume> volumes) {
    Set<String> paths = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Volume volume : volumes) {
      if (!paths.add(volume.containerPath())) {
        container.wrong("volumes", "containerPath '" + volume.containerPath() + "' is used twice");
      }
      if (volume instanceof Volume.External external && !names.add(external.name())) {
        container.wrong("volumes", "Volume names must be unique");
      }
    }
  }

  private static Optional<Volume> one(Fields fields) {
    Optional<String> path = fields.requiredText("containerPath", AppLimits.NAME_LENGTH);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    if (leaves(path.get())) {
      fields.wrong("containerPath", "must not contain '..'");
      return Optional.empty();
    }
    Optional<Fields> persistent = fields.object("persistent");
    if (persistent.isPresent()) {
      return persistent(fields, persistent.get(), path.get());
    }
    Optional<Fields> external = fields.object("external");
    if (external.isPresent()) {
      return external(fields, external.get(), path.get());
    }
    if (fields.has("secret")) {
      return secret(fields, path.get());
    }
    return host(fields, path.get());
  }

  private static boolean leaves(String path) {
    return List.of(path.split("/", -1)).contains("..");
  }

  private static boolean isReadOnly(Fields fields) {
    return fields.word("mode", READ_ONLY).orElse(false);
  }

  private static Optional<Volume> host(Fields fields, String path) {
    boolean readOnly = isReadOnly(fields);
    return fields
        .requiredText("hostPath", AppLimits.NAME_LENGTH)
        .filter(
            hostPath -> {
              boolean stays = hostPath.startsWith("/") || !leaves(hostPath);
              if (!stays) {
                fields.wrong("hostPath", "must stay in the sandbox where it is relative");
              }
              return stays;
            })
        .map(hostPath -> new Volume.Host(path, hostPath, readOnly));
  }

  private static Optional<Volume> secret(Fields fields, String path) {
    if (path.startsWith("/")) {
      // Below $MESOS_SANDBOX, wherever that is.
      fields.wrong("containerPath", "must be relative for the file of a secret");
      return Optional.empty();
    }
    return fields
        .shortText("secret", AppLimits.NAME_LENGTH)
        .map(name -> new Volume.SecretFile(path, name));
  }

  private static Optional<Volume> persistent(Fields fields, Fields info, String path) {
    if (path.equals(".")) {
      fields.wrong("containerPath", "must not be '.'");
    }
    if (path.contains("/")) {
      fields.wrong("containerPath", "value must not contain \"/\"");
    }
    if (isReadOnly(fields)) {
      fields.wrong("mode", "must be RW for a persistent volume");
    }
    Volume.Disk disk = info.word("type", DISKS).orElse(Volume.Disk.ROOT);
    if (!info.has("size")) {
      info.missing("size");
    }
    long size = info.wholeNumber("size").orElse(1L);
    if (size <= 0) {
      info.wrong("size", "got " + size + ", expected more than 0");
    }
    if (size > AppLimits.MOST_MEBIBYTES) {
      info.wrong("size", "must be at most " + (long) AppLimits.MOST_MEBIBYTES);
    }
    Optional<Long> maxSize = info.wholeNumber("maxSize");
    if (maxSize.isPresent() && disk != Volume.Disk.MOUNT) {
      info.wrong("Only mount volumes can have maxSize");
    }
    if (maxSize.isPresent() && maxSize.get() <= size) {
      info.wrong("Max size must be larger than size");
    }
    List<Constraint> constraints =
        info.list(
                "constraints", AppLimits.CONSTRAINTS, (node, where) -> pathRule(node, where, info))
            .orElse(List.of());
    if (!constraints.isEmpty() && disk == Volume.Disk.ROOT) {
      info.wrong("Constraints on root volumes are not supported");
    }
    return Optional.of(
        new Volume.Persistent(
            path,
            disk,
            size,
            maxSize,
            info.shortText("profileName", AppLimits.NAME_LENGTH),
            constraints));
  }

  private static Optional<Constraint> pathRule(JsonNode node, String where, Fields fields) {
    List<String> words = new ArrayList<>();
    for (JsonNode word : node.values()) {
      fields.text(word, where).ifPresent(words::add);
    }
    if (!node.isArray() || words.size() != 3 || !words.getFirst().equals("path")) {
      fields.faults().value(where, "Unsupported constraint " + String.join(",", words));
      return Optional.empty();
    }
    Optional<Constraint.Operator> operator =
        switch (words.get(1)) {
          case "LIKE" -> Optional.of(Constraint.Operator.LIKE);
          case "UNLIKE" -> Optional.of(Constraint.Operator.UNLIKE);
          default -> Optional.empty();
        };
    if (operator.isEmpty()) {
      fields.faults().value(where, "Operator must be one of LIKE, UNLIKE");
      return Optional.empty();
    }
    if (!isExpression(words.get(2))) {
      fields.faults().value(where, "Invalid regular expression");
      return Optional.empty();
    }
    return operator.map(known -> new Constraint("path", known, Optional.of(words.get(2))));
  }

  private static boolean isExpression(String text) {
    try {
      Pattern.compile(text);
      return text.length() <= AppLimits.CONSTRAINT_LENGTH;
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  private static Optional<Volume> external(Fields fields, Fields info, String path) {
    Optional<String> name = label(info, "name");
    Optional<String> provider = label(info, "provider");
    boolean readOnly = isReadOnly(fields);
    var options = info.texts("options", AppLimits.LABELS).orElseGet(TreeMap::new);
    Optional<Long> gibibytes = info.wholeNumber("size");
    if (gibibytes.isPresent()
        && (gibibytes.get() < 0 || gibibytes.get() > AppLimits.MOST_MEBIBYTES / MEBIBYTES)) {
      info.wrong("size", "must be between 0 and " + (long) (AppLimits.MOST_MEBIBYTES / MEBIBYTES));
      return Optional.empty();
    }
    if (name.isEmpty() || provider.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Volume.External(
            path,
            readOnly,
            name.get(),
            provider.get(),
            options,
            gibibytes.map(size -> size * MEBIBYTES)));
  }

  /// In a gibibyte, which is what the sizes of external volumes are counted in.
  static final long MEBIBYTES = 1024;

  private static Optional<String> label(Fields fields, String name) {
    return fields
        .requiredText(name, AppLimits.NAME_LENGTH)
        .filter(
            text -> {
              boolean fits = LABEL.matcher(text).matches();
              if (!fits) {
                fields.wrong(name, "must match regular expression '" + LABEL.pattern() + "'");
              }
              return fits;
            });
  }
}
