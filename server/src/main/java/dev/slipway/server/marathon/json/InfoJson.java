package dev.slipway.server.marathon.json;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/// What `/v2/info` says. Clients with closed models know only certain keys, so none is added; the
/// three parts on configuration have to be there.
///
/// @param version a version of Marathon whose API this is, comparable for clients; Slipway's own
/// stands in
///     `buildref`
public record InfoJson(
    String name,
    String version,
    String buildref,
    boolean elected,
    String leader,
    String frameworkId,
    @JsonProperty("marathon_config") MarathonConfigJson marathonConfig,
    @JsonProperty("zookeeper_config") ZookeeperConfigJson zookeeperConfig,
    @JsonProperty("http_config") HttpConfigJson httpConfig) {

  /// @param features none that a client would have to know of
  public record MarathonConfigJson(
      List<String> features,
      @JsonProperty("framework_name") String frameworkName,
      boolean ha,
      boolean checkpoint,
      String hostname,
      @JsonProperty("local_port_min") int localPortMin,
      @JsonProperty("local_port_max") int localPortMax,
      String master,
      @JsonProperty("mesos_role") String mesosRole,
      @JsonProperty("webui_url") String webuiUrl) {}

  public record ZookeeperConfigJson(String zk) {}

  public record HttpConfigJson(@JsonProperty("http_port") int httpPort) {}
}
