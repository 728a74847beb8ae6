package dev.slipway.engine.kubernetes;

import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Timestamps;
import dev.slipway.core.engine.Epoch;
import dev.slipway.core.instance.InstanceId;
import dev.slipway.core.instance.TaskId;
import dev.slipway.core.volume.VolumeId;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// All names by which the engine knows its own objects again, and which people use with `kubectl`:
/// `kubectl get pods -l slipway.dev/app=shop_cart`.
///
/// Names and labels are cut to what Kubernetes takes; annotations hold the full texts, and nothing
/// but those is ever read back.
final class Names {
  static final String MANAGED_BY = "slipway.dev/managed-by";
  static final String SLIPWAY = "slipway";

  /// The label that selects everything of ours.
  static final Map<String, String> OURS = Map.of(MANAGED_BY, SLIPWAY);

  static final String INSTANCE = "slipway.dev/instance";
  static final String EPOCH = "slipway.dev/epoch";

  /// As a label cut to what labels take, as an annotation the full text.
  static final String APP = "slipway.dev/app";

  /// As a label with the characters that labels take, as an annotation as the platform writes it.
  static final String VERSION = "slipway.dev/version";

  static final String TASK = "slipway.dev/task";
  static final String VOLUME = "slipway.dev/volume";
  static final String PLATFORM = "slipway.dev/platform";

  /// The order to end a pod, as {@link EndOrder} writes it.
  static final String KILL = "slipway.dev/kill";

  static final String TASK_CONTAINER = "task";
  static final String FETCH_CONTAINER = "fetch";

  /// The volume of the sandbox and what lies beside it, and the sandbox's directory in it.
  static final String SANDBOX_VOLUME = "sandbox";

  static final String SANDBOX_DIRECTORY = "sandbox";

  /// The sandbox as the task sees it, which is where Mesos puts it.
  static final String SANDBOX = "/mnt/mesos/sandbox";

  /// The longest label value, and the longest name that can be a host name too.
  static final int LONGEST_LABEL = 63;

  private static final int APP_IN_NAME = 20;
  private static final int UUID_LENGTH = 36;
  private static final int TAIL_LENGTH = 12;
  private static final String VOLUME_MARK = ".volume-";

  private Names() {}

  /// `shop-cart-<uuid>`: the start of the app's path, for people, and the instance's own part.
  static String podName(TaskId task) {
    return slug(task.instance().app().safe(), APP_IN_NAME) + "-" + uuid(task.instance());
  }

  /// The Secret with what the task's pod is given.
  static String secretName(TaskId task) {
    return podName(task);
  }

  /// The Secret with the credentials for the task's image.
  static String pullSecretName(TaskId task) {
    return podName(task) + "-pull";
  }

  /// The PersistentVolumeClaim of a volume.
  static String claimName(VolumeId volume) {
    String text = volume.value();
    int mark = text.lastIndexOf(VOLUME_MARK);
    String tail = mark < 0 ? "" : text.substring(mark + VOLUME_MARK.length());
    boolean identified = tail.length() == UUID_LENGTH && tail.matches("[0-9a-f-]*[0-9a-f]");
    return slug(text, APP_IN_NAME) + "-" + (identified ? tail : hash(text));
  }

  /// The labels of what belongs to a task.
  static Map<String, String> labels(TaskId task, Instant version, Epoch epoch) {
    Map<String, String> labels = new TreeMap<>(OURS);
    labels.put(INSTANCE, uuid(task.instance()));
    labels.put(APP, labelValue(task.instance().app().safe()));
    labels.put(VERSION, labelValue(Timestamps.format(version)));
    labels.put(EPOCH, Long.toString(epoch.value()));
    return labels;
  }

  /// The annotations of what belongs to a task.
  static Map<String, String> annotations(TaskId task, PathId app, Instant version) {
    Map<String, String> annotations = new TreeMap<>();
    annotations.put(TASK, task.value());
    annotations.put(APP, app.toString());
    annotations.put(VERSION, Timestamps.format(version));
    return annotations;
  }

  /// The label that selects what belongs to one app, and hardly ever anything else: its annotation
  /// tells for sure.
  static Map<String, String> ofApp(PathId app) {
    return Map.of(MANAGED_BY, SLIPWAY, APP, labelValue(app.safe()));
  }

  /// Whose pod or Secret this is; nothing where it is none of ours.
  static Optional<TaskId> task(HasMetadata object) {
    return annotation(object, TASK).flatMap(Names::taskOrNothing);
  }

  /// Whether it is one of a platform's own, and nobody has taken that off it.
  static boolean isOurs(HasMetadata object) {
    Map<String, String> labels = object.getMetadata().getLabels();
    return labels != null && SLIPWAY.equals(labels.get(MANAGED_BY));
  }

  /// Whose claim this is; nothing where it is none of ours.
  static Optional<VolumeId> volume(HasMetadata claim) {
    return annotation(claim, VOLUME).flatMap(Names::volumeOrNothing);
  }

  static Optional<String> annotation(HasMetadata object, String name) {
    Map<String, String> annotations = object.getMetadata().getAnnotations();
    return annotations == null ? Optional.empty() : Optional.ofNullable(annotations.get(name));
  }

  /// A text as a label value: the characters that labels do not take become `-`, and what is too
  /// long is cut and gets a hash of the whole.
  static String labelValue(String text) {
    String allowed = trim(text.replaceAll("[^-A-Za-z0-9_.]", "-"));
    if (allowed.length() <= LONGEST_LABEL) {
      return allowed;
    }
    String head = trim(allowed.substring(0, LONGEST_LABEL - TAIL_LENGTH - 1));
    return head + "-" + hash(text).substring(0, TAIL_LENGTH);
  }

  private static String uuid(InstanceId instance) {
    String text = instance.value();
    return text.substring(text.length() - UUID_LENGTH);
  }

  /// The start of a text in the letters of a DNS label; never empty.
  private static String slug(String text, int longest) {
    String letters = text.toLowerCase(java.util.Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String cut = trim(letters.substring(0, Math.min(longest, letters.length())));
    return cut.isEmpty() ? "x" : cut;
  }

  private static String trim(String text) {
    return text.replaceAll("^[^A-Za-z0-9]+|[^A-Za-z0-9]+$", "");
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest).substring(0, UUID_LENGTH);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }

  private static Optional<TaskId> taskOrNothing(String text) {
    try {
      return Optional.of(new TaskId(text));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }

  private static Optional<VolumeId> volumeOrNothing(String text) {
    try {
      return Optional.of(new VolumeId(text));
    } catch (IllegalArgumentException notOurs) {
      return Optional.empty();
    }
  }
}
