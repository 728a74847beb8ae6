package dev.slipway.engine.kubernetes;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the manifest says of the servers: one with its journal on a volume, or several on a
/// PostgreSQL that somebody else looks after, of which one leads.
///
/// @param count how many there are
/// @param olderCluster whether the cluster is of before Kubernetes 1.21, which had disruption
///     budgets in another API
public record ManifestServers(int count, boolean olderCluster) {
  /// Two stand by, one of which may be moved while the other takes over.
  public static final ManifestServers USUAL = new ManifestServers(3, false);

  /// More standbys than these serve nothing.
  public static final int MOST = 9;

  /// The Secret that a person makes: where the journal is, and the password for it.
  public static final String JOURNAL_SECRET = "slipway-journal";

  /// The Secret of what the servers have in common.
  public static final String KEYS_SECRET = "slipway-keys";

  private static final KubernetesVersion NEWER_BUDGETS = new KubernetesVersion(1, 21);

  /// @throws IllegalArgumentException when the number is none
  public ManifestServers {
    if (count < 1 || count > MOST) {
      throw new IllegalArgumentException(
          "there are 1 to %d servers, not %d: one leads, and the others stand by"
              .formatted(MOST, count));
    }
  }

  /// The same servers on a cluster of some version.
  ///
  /// @param version such as `1.20`
  /// @throws IllegalArgumentException when it is none, or too old
  public ManifestServers onCluster(String version) {
    if (!version.matches("[0-9]{1,3}[.][0-9]{1,3}")) {
      throw new IllegalArgumentException(
          "the version of a cluster is like 1.20, not '" + version + "'");
    }
    int dot = version.indexOf('.');
    var cluster =
        new KubernetesVersion(
            Integer.parseInt(version.substring(0, dot)),
            Integer.parseInt(version.substring(dot + 1)));
    if (cluster.isOlderThan(KubernetesVersion.OLDEST)) {
      throw new IllegalArgumentException(
          "Kubernetes " + cluster + " is too old; " + KubernetesVersion.OLDEST + " is the oldest");
    }
    return new ManifestServers(count, cluster.isOlderThan(NEWER_BUDGETS));
  }

  /// The Secret of what the servers have in common.
  ///
  /// @param files by their names, in base64
  public static String keysSecret(String namespace, Map<String, String> files) {
    Texts.checkNamespace(namespace);
    var data = new StringBuilder();
    new TreeMap<>(files)
        .forEach((name, content) -> data.append("\n  ").append(name).append(": ").append(content));
    return """
    apiVersion: v1
    kind: Secret
    metadata:
      name: %s
      namespace: "%s"
      labels:
        app.kubernetes.io/name: slipway
    data:%s\
    """
        .formatted(KEYS_SECRET, namespace, data);
  }

  boolean several() {
    return count > 1;
  }

  /// Arguments of the server.
  List<String> arguments() {
    // Kubernetes puts the variables in; the password is none of them.
    return several()
        ? List.of(
            "--journal",
            "$(SLIPWAY_JOURNAL_URL)",
            "--advertise",
            "http://$(SLIPWAY_POD_ADDRESS):8080",
            "--keys",
            "/var/lib/slipway/keys")
        : List.of();
  }

  /// The parts of the template by their names.
  Map<String, String> parts(String storageClass) {
    var parts = new TreeMap<String, String>();
    parts.put("FIRST_STEPS", several() ? PREPARED : TOKEN_IN_LOG);
    parts.put("REPLICAS", Integer.toString(count));
    parts.put("JOURNAL_CLAIM", several() ? "" : claim(storageClass));
    parts.put("STRATEGY", several() ? BY_TURNS : ONE_AT_A_TIME);
    parts.put("PLACING", several() ? APART : "");
    parts.put("KEYS", several() ? KEYS : "");
    parts.put("ENVIRONMENT", several() ? ENVIRONMENT : "");
    parts.put("HANDING_OVER", several() ? HANDING_OVER : "");
    parts.put("MOUNTS", several() ? MOUNTS : "");
    parts.put("DATA", several() ? DATA : CLAIMED_DATA);
    parts.put("BUDGET", several() ? budget() : "");
    return parts;
  }

  private String budget() {
    return BUDGET.replace("@POLICY@", olderCluster ? "policy/v1beta1" : "policy/v1");
  }

  private static String claim(String storageClass) {
    return CLAIM.replace("@JOURNAL_CLASS@\n", storageClass);
  }

  private static final String TOKEN_IN_LOG =
      """
      # The access token is printed once, when it starts first:
      #
      #   kubectl --namespace @NAMESPACE@ logs deployment/slipway
      """;

  private static final String PREPARED =
      """
      # Before that, what the servers have in common: the journal, and their keys. This prints the access token, once.
      #
      #   kubectl create namespace @NAMESPACE@
      #   kubectl --namespace @NAMESPACE@ create secret generic slipway-journal --from-file=password=FILE --from-literal=url='jdbc:postgresql://...'
      #   slipway kubernetes keys --namespace @NAMESPACE@ | kubectl create -f -
      """;

  private static final String CLAIM =
      """
      ---
      # The journal: apps, deployments, instances, sealed secrets. Back it up; tasks outlive its loss, the platform does not.
      apiVersion: v1
      kind: PersistentVolumeClaim
      metadata:
        name: slipway
        namespace: @NAMESPACE@
        labels:
          app.kubernetes.io/name: slipway
      spec:
        accessModes: [ReadWriteOnce]
      @JOURNAL_CLASS@
        resources:
          requests:
            storage: 5Gi
      """;

  private static final String ONE_AT_A_TIME =
      """
        # One at a time: the journal is one writer's. Tasks go on while it is replaced.
        strategy:
          type: Recreate
      """;

  private static final String BY_TURNS =
      """
        # One leads and the others stand by; a new one follows the journal before an old one goes.
        strategy:
          type: RollingUpdate
          rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
      """;

  private static final String APART =
      """
            # On machines and in zones of their own, where there are enough.
            affinity:
              podAntiAffinity:
                preferredDuringSchedulingIgnoredDuringExecution:
                  - weight: 100
                    podAffinityTerm:
                      topologyKey: kubernetes.io/hostname
                      labelSelector: {matchLabels: {app.kubernetes.io/name: slipway, app.kubernetes.io/component: server}}
                  - weight: 50
                    podAffinityTerm:
                      topologyKey: topology.kubernetes.io/zone
                      labelSelector: {matchLabels: {app.kubernetes.io/name: slipway, app.kubernetes.io/component: server}}
            # Another takes over within seconds; the pod of a lost node is made anew elsewhere after half a minute.
            tolerations:
              - {key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 30}
              - {key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 30}
      """;

  private static final String KEYS =
      """
            # Keys are read by their owner alone, which files of a Secret cannot be.
            initContainers:
              - name: keys
                image: @IMAGE@
                imagePullPolicy: IfNotPresent
                command: [/bin/sh, -c, "umask 077 && cp -f /keys/* /var/lib/slipway/keys/"]
                resources:
                  requests: {cpu: 10m, memory: 16Mi}
                  limits: {memory: 64Mi}
                securityContext:
                  allowPrivilegeEscalation: false
                  readOnlyRootFilesystem: true
                  capabilities:
                    drop: [ALL]
                volumeMounts:
                  - {name: own-keys, mountPath: /var/lib/slipway/keys}
                  - {name: keys, mountPath: /keys, readOnly: true}
      """;

  private static final String ENVIRONMENT =
      """
                  - name: SLIPWAY_POD_ADDRESS
                    valueFrom: {fieldRef: {fieldPath: status.podIP}}
                  # jdbc:postgresql://HOST1,HOST2/DATABASE?user=NAME&targetServerType=primary&sslmode=verify-full&sslrootcert=/etc/slipway/journal/ca.crt
                  - name: SLIPWAY_JOURNAL_URL
                    valueFrom: {secretKeyRef: {name: slipway-journal, key: url}}
                  - name: SLIPWAY_JOURNAL_PASSWORD
                    valueFrom: {secretKeyRef: {name: slipway-journal, key: password}}
      """;

  private static final String HANDING_OVER =
      """
                # Whoever asked through the Service is sent elsewhere before the lead is handed over.
                lifecycle:
                  preStop:
                    exec: {command: [/bin/sh, -c, sleep 3]}
      """;

  private static final String MOUNTS =
      """
                  - {name: own-keys, mountPath: /var/lib/slipway/keys}
                  - {name: certificates, mountPath: /etc/slipway/journal, readOnly: true}
      """;

  private static final String CLAIMED_DATA =
      """
              - name: journal
                persistentVolumeClaim:
                  claimName: slipway
      """;

  private static final String DATA =
      """
              # Nothing here outlives the pod: all that has to is in the database.
              - name: journal
                emptyDir: {sizeLimit: 5Gi}
              - name: own-keys
                emptyDir: {medium: Memory, sizeLimit: 1Mi}
              - name: keys
                secret: {secretName: slipway-keys, defaultMode: 0440}
              # The authority that signed the database's certificate, where the Secret has it.
              - name: certificates
                secret:
                  secretName: slipway-journal
                  optional: true
                  defaultMode: 0440
                  items: [{key: ca.crt, path: ca.crt}]
      """;

  private static final String BUDGET =
      """
      ---
      # Nodes are drained one server after the other.
      apiVersion: @POLICY@
      kind: PodDisruptionBudget
      metadata:
        name: slipway
        namespace: @NAMESPACE@
        labels:
          app.kubernetes.io/name: slipway
      spec:
        maxUnavailable: 1
        selector:
          matchLabels:
            app.kubernetes.io/name: slipway
            app.kubernetes.io/component: server
      """;
}
