package dev.slipway.bench.kubernetes;

import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// When the pods of a namespace first matched a condition, by this process' clock: one watch of
/// the API server, which tells the pods' names and little more, so that looking on costs both
/// sides little and the same.
///
/// One thread of its own reads; anyone may ask.
public final class PodSightings implements AutoCloseable {
  /// Every pod: it was created.
  public static final String CREATED = "";

  /// It has a node.
  public static final String BOUND = "spec.nodeName!=";

  /// The kubelet has said that its containers run.
  public static final String RUNNING = "status.phase=Running";

  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(30);
  private static final String METADATA_ALONE =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  private static final Pattern FIRST_MATCH =
      Pattern.compile("^\\{\"type\":\"ADDED\".*?\"metadata\":\\{\"name\":\"([^\"]+)\"");

  private final String prefix;
  private final Map<String, Long> seen = new ConcurrentHashMap<>();
  private final InputStream lines;
  private final Thread reader;
  private volatile boolean closed;
  private volatile boolean broken;

  private PodSightings(InputStream lines, String condition, String prefix) {
    this.prefix = prefix;
    this.lines = lines;
    this.reader = Thread.ofPlatform().daemon().name("pods " + condition).unstarted(this::read);
  }

  /// Returns once the API server has opened the watch. Pods that match already are not told of: the
  /// API server would be busy with them while others are measured.
  ///
  /// @param condition a field selector
  /// @param prefix with which the names begin of those that count
  public static PodSightings open(
      KubernetesClient client, String namespace, String condition, String prefix)
      throws InterruptedException {
    String address =
        "%sapi/v1/namespaces/%s/pods?watch=true&fieldSelector=%s&resourceVersion=%s"
            .formatted(
                client.getMasterUrl(),
                namespace,
                URLEncoder.encode(condition, StandardCharsets.UTF_8),
                versionNow(client, namespace));
    var http = client.getHttpClient();
    var request =
        http.newHttpRequestBuilder()
            .uri(address)
            .header("Accept", METADATA_ALONE)
            .forStreaming()
            .build();
    try {
      HttpResponse<InputStream> response =
          http.sendAsync(request, InputStream.class)
              .get(CONNECT_DEADLINE.toSeconds(), TimeUnit.SECONDS);
      if (!response.isSuccessful()) {
        throw new IllegalStateException("watching pods: status " + response.code());
      }
      var sightings = new PodSightings(response.body(), condition, prefix);
      sightings.reader.start();
      return sightings;
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalStateException("pods cannot be watched", failure);
    }
  }

  private static String versionNow(KubernetesClient client, String namespace) {
    ListOptions one = new ListOptionsBuilder().withLimit(1L).build();
    return client.pods().inNamespace(namespace).list(one).getMetadata().getResourceVersion();
  }

  private void read() {
    try (var input = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
      for (String line = input.readLine(); line != null; line = input.readLine()) {
        long now = System.nanoTime();
        Matcher matcher = FIRST_MATCH.matcher(line);
        if (matcher.find() && matcher.group(1).startsWith(prefix)) {
          seen.putIfAbsent(matcher.group(1), now);
        }
      }
    } catch (IOException gone) {
      // Told to whoever asks, unless it was closed.
    }
    broken = !closed;
  }

  /// When each pod first matched, by name, in nanoseconds of [System#nanoTime].
  ///
  /// @throws IllegalStateException when not all can have been seen
  public Map<String, Long> all() {
    requireWhole();
    return Map.copyOf(seen);
  }

  /// @throws IllegalStateException when not all can have been seen
  public int count() {
    requireWhole();
    return seen.size();
  }

  /// An API server ends the watch of somebody who reads too slowly.
  private void requireWhole() {
    if (broken) {
      throw new IllegalStateException(
          "the API server ended the watch of pods after %d; measure again on a machine with less to do"
              .formatted(seen.size()));
    }
  }

  @Override
  public void close() {
    closed = true;
    reader.interrupt();
    try {
      lines.close();
    } catch (IOException alreadyGone) {
      return;
    }
  }
}
