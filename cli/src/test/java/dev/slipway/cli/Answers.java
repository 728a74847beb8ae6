package dev.slipway.cli;

/// Answers as the server's contract has them.
final class Answers {
  static final String V1 = "2026-11-22T05:00:00.000Z";
  static final String V2 = "2026-11-22T05:10:00.000Z";
  static final String DEPLOYMENT = "5ed4c0c5-9ff8-4a6f-a0cd-f57f59a34b43";
  static final String RESULT =
      "{\"version\":\"" + V2 + "\",\"deploymentId\":\"" + DEPLOYMENT + "\"}";
  static final String UUID_A = "3f2a91c0-0000-4000-8000-000000000001";
  static final String UUID_B = "77b1d2e3-0000-4000-8000-000000000002";

  private Answers() {}

  static String task(String safe, String uuid) {
    return safe + ".instance-" + uuid + "._app.1";
  }

  static String app(String id, int instances, String version) {
    return """
    {"app":{"id":"%s","cmd":"run","instances":%d,"cpus":0.5,"mem":128,"disk":0,"version":"%s",
     "versionInfo":{"lastScalingAt":"%s","lastConfigChangeAt":"%s"},"labels":{},
     "healthChecks":[{"protocol":"HTTP","path":"/health","intervalSeconds":5}],
     "portDefinitions":[{"port":10001,"protocol":"tcp"}],"dependencies":["/db"],
     "constraints":[["hostname","UNIQUE"]],"fetch":[{"uri":"slipway://web.tar.gz"}],
     "tasksRunning":%d,"tasksHealthy":%d,"tasksUnhealthy":0,"tasksStaged":0,"deployments":[],
     "lastTaskFailure":{"appId":"%s","host":"one","message":"exited with code 3","state":"TASK_FAILED",
       "taskId":"web.instance-%s._app.1","timestamp":"%s","version":"%s"}}}\
    """
        .formatted(
            id, instances, version, version, version, instances, instances, id, UUID_B, V1, V1);
  }

  static String task(String app, String uuid, String state, String healthy, String version) {
    return """
    {"id":"%s","app":"%s","node":"node-1","state":"%s","since":"%s","version":"%s","ports":[31001,31002],"addresses":["10.244.1.7"],
     "host":"one","healthy":%s,"usage":{"cpus":0.42,"cpuSeconds":12.5,"mem":37.4,"memLimit":128,"processes":2},
     "requested":{"cpus":0.5,"mem":128,"disk":0}}\
    """
        .formatted(
            task(app.substring(1).replace('/', '_'), uuid), app, state, version, version, healthy);
  }

  static String tasks(String... tasks) {
    return "{\"tasks\":[" + String.join(",", tasks) + "]}";
  }

  static String deployment(String state, int step, String more) {
    return """
    {"id":"%s","version":"%s","state":"%s","startedAt":"%s","step":%d,"steps":1,
     "actions":[{"action":"RestartApplication","app":"/web","done":false}],"apps":["/web"],
     "waits":[],"failures":[]%s}\
    """
        .formatted(DEPLOYMENT, V2, state, V2, step, more);
  }
}
