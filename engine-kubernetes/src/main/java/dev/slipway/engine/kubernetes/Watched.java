package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Listable;
import java.net.URI;
import java.net.URLEncoder;
import org.jspecify.annotations.Nullable;

/// A collection of objects of the API that is kept in sight.
///
/// @param objects the client library's way to them
/// @param path theirs on the server, without a slash before it: `api/v1/nodes`
/// @param fields which of them, in the words of a field selector; empty for all
record Watched<T extends HasMetadata>(
    KubernetesClient client,
    Class<T> type,
    Listable<? extends KubernetesResourceList<T>> objects,
    String path,
    String fields) {
  /// A page of all that there are.
  ///
  /// @param next what the page before named as its continuation
  KubernetesResourceList<T> page(long size, @Nullable String next) {
    ListOptions options = new ListOptionsBuilder().withLimit(size).withContinue(next).build();
    if (!fields.isEmpty()) {
      options.setFieldSelector(fields);
    }
    return objects.list(options);
  }

  /// What changes from a version on.
  ///
  /// @throws io.fabric8.kubernetes.client.KubernetesClientException when the server does not tell
  Changes<T> changesFrom(String version) throws InterruptedException {
    String master = client.getMasterUrl().toString();
    String slash = master.endsWith("/") ? "" : "/";
    String selector = fields.isEmpty() ? "" : "&fieldSelector=" + encoded(fields);
    String query =
        "?watch=true&allowWatchBookmarks=true&resourceVersion=" + encoded(version) + selector;
    return Changes.of(type, client, URI.create(master + slash + path + query));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
