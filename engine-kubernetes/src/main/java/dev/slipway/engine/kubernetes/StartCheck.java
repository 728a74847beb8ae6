package dev.slipway.engine.kubernetes;

import dev.slipway.engine.kubernetes.Right.Reach;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SelfSubjectAccessReviewBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.VersionInfo;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks whether the cluster is there and lets the engine do all that it does, before anything is
/// done: what is missing is told at once, all of it, with what mends it, and not task by task
/// later.
final class StartCheck {
  private static final Logger log = LoggerFactory.getLogger(StartCheck.class);
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final KubernetesClient client;
  private final String namespace;
  private final KubernetesSettings settings;

  private StartCheck(KubernetesClient client, String namespace, KubernetesSettings settings) {
    this.client = client;
    this.namespace = namespace;
    this.settings = settings;
  }

  /// @param namespace where tasks run
  /// @throws KubernetesRefusal when something is missing
  static void run(KubernetesClient client, String namespace, KubernetesSettings settings) {
    var check = new StartCheck(client, namespace, settings);
    try {
      check.context();
      check.version();
      check.namespace();
      check.rights();
      check.storageClass();
    } catch (KubernetesClientException failure) {
      throw check.refusal(failure);
    }
  }

  private void context() {
    Config config = client.getConfiguration();
    Optional<String> wanted = settings.access().context();
    List<String> known =
        config.getContexts() == null
            ? List.of()
            : config.getContexts().stream().map(NamedContext::getName).toList();
    if (wanted.isPresent() && !known.contains(wanted.get())) {
      throw new KubernetesRefusal(
          known.isEmpty()
              ? "There is no context '%s': no kubeconfig with contexts was found."
                      .formatted(wanted.get())
                  + " Name one by KUBECONFIG or --kubernetes-kubeconfig."
              : "The kubeconfig has no context '%s', but: %s."
                  .formatted(wanted.get(), String.join(", ", known)));
    }
    boolean named = !known.isEmpty() || config.getAutoOAuthToken() != null;
    if (!named && config.getMasterUrl().contains("//kubernetes.default.svc")) {
      throw new KubernetesRefusal(
          "No cluster is known: there is no kubeconfig (KUBECONFIG, ~/.kube/config), and this is no"
              + " pod with a service account. Name a file by --kubernetes-kubeconfig.");
    }
    if (!known.isEmpty() && config.getCurrentContext() == null) {
      throw new KubernetesRefusal(
          "The kubeconfig names no current context. Choose one by --kubernetes-context: "
              + String.join(", ", known));
    }
  }

  private void version() {
    VersionInfo info = client.getKubernetesVersion();
    if (info == null) {
      throw new KubernetesRefusal(
          client.getMasterUrl() + " answers, but not as a Kubernetes API server does.");
    }
    KubernetesVersion version = KubernetesVersion.of(info);
    if (version.isOlderThan(KubernetesVersion.OLDEST)) {
      throw new KubernetesRefusal(
          "The cluster runs Kubernetes %s; the oldest that Slipway works with is %s."
              .formatted(version, KubernetesVersion.OLDEST));
    }
    if (KubernetesVersion.NEWEST_TESTED.isOlderThan(version)) {
      log.info(
          "kubernetes.version.untested version={} tested={}-{}",
          version,
          KubernetesVersion.OLDEST,
          KubernetesVersion.NEWEST_TESTED);
    }
  }

  private void namespace() {
    Namespace found;
    try {
      found = client.namespaces().withName(namespace).get();
    } catch (KubernetesClientException failure) {
      if (failure.getCode() == FORBIDDEN) {
        return; // The rights tell it, with all others that are missing.
      }
      throw failure;
    }
    if (found == null) {
      throw new KubernetesRefusal(
          "The namespace '%s' does not exist. Make it with all that Slipway needs there:\n  %s"
              .formatted(namespace, mend()));
    }
    if (found.getMetadata().getDeletionTimestamp() != null) {
      throw new KubernetesRefusal(
          "The namespace '%s' is being deleted. Wait until it is gone, or name another."
              .formatted(namespace));
    }
  }

  private void rights() {
    List<Right> missing = new ArrayList<>();
    for (Right right : Right.neededBy(settings)) {
      List<String> verbs =
          right
              .single()
              .filter(single -> !isAllowed(single))
              .flatMap(single -> single.verbs().stream())
              .toList();
      if (!verbs.isEmpty()) {
        missing.add(new Right(right.group(), right.resource(), verbs, right.reach()));
      }
    }
    if (!missing.isEmpty()) {
      throw new KubernetesRefusal(
          "Slipway may not do all that it has to do in the cluster. Missing:\n%s%sGrant it:\n  %s"
              .formatted(
                  lines(missing, Reach.NAMESPACE, "in namespace " + namespace),
                  lines(missing, Reach.CLUSTER, "in the whole cluster"),
                  mend()));
    }
  }

  private static String lines(List<Right> missing, Reach reach, String where) {
    return missing.stream()
        .filter(right -> right.reach() == reach)
        .map(right -> "  " + right + " " + where + "\n")
        .collect(Collectors.joining());
  }

  private boolean isAllowed(Right right) {
    SelfSubjectAccessReview review =
        new SelfSubjectAccessReviewBuilder()
            .withNewSpec()
            .withNewResourceAttributes()
            .withGroup(right.group())
            .withResource(right.kind())
            .withSubresource(right.part())
            .withVerb(right.verbs().getFirst())
            .withNamespace(right.reach() == Reach.NAMESPACE ? namespace : null)
            .withName(right.resource().equals("namespaces") ? namespace : null)
            .endResourceAttributes()
            .endSpec()
            .build();
    return Boolean.TRUE.equals(
        client
            .authorization()
            .v1()
            .selfSubjectAccessReview()
            .create(review)
            .getStatus()
            .getAllowed());
  }

  private void storageClass() {
    settings
        .storageClass()
        .filter(name -> client.storage().v1().storageClasses().withName(name).get() == null)
        .ifPresent(
            name -> {
              throw new KubernetesRefusal(
                  "The cluster has no storage class '%s'. See: kubectl get storageclass"
                      .formatted(name));
            });
  }

  private String mend() {
    String volumes = settings.storageClass().map(name -> " --storage-class " + name).orElse("");
    return "slipway kubernetes manifest --namespace "
        + namespace
        + volumes
        + " | kubectl apply -f -";
  }

  private KubernetesRefusal refusal(KubernetesClientException failure) {
    String where = client.getMasterUrl().toString();
    if (failure.getCode() == UNAUTHORIZED) {
      return new KubernetesRefusal(
          "The cluster at "
              + where
              + " does not know who asks (401). Log in anew, or see whether the"
              + " token or the certificate of the context has expired.",
          failure);
    }
    if (failure.getCode() > 0) {
      return new KubernetesRefusal(
          "The cluster at %s refuses (%d): %s".formatted(where, failure.getCode(), said(failure)),
          failure);
    }
    return new KubernetesRefusal(
        "The cluster at %s cannot be reached: %s".formatted(where, cause(failure)), failure);
  }

  private static String said(KubernetesClientException failure) {
    return failure.getStatus() == null || failure.getStatus().getMessage() == null
        ? String.valueOf(failure.getMessage())
        : failure.getStatus().getMessage();
  }

  /// Why no connection came about, in the words of who has to mend it.
  private static String cause(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      causes.addFirst(cause);
    }
    // The innermost says most.
    for (Throwable cause : causes) {
      switch (cause) {
        case SSLException tls -> {
          return ("its certificate is not trusted (%s). The kubeconfig has to name the authority that"
                  + " signed it.")
              .formatted(String.valueOf(tls.getMessage()).toLowerCase(Locale.ROOT));
        }
        case UnresolvedAddressException _ -> {
          return "no such host";
        }
        case HttpTimeoutException _ -> {
          return "it does not answer in time";
        }
        case ConnectException _ -> {
          return "nothing accepts connections there. Does it run?";
        }
        default -> {}
      }
    }
    return String.valueOf(failure.getMessage());
  }
}
