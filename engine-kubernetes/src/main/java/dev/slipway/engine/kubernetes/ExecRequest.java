package dev.slipway.engine.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.util.List;

/// A command to run in the task's container of a pod: what is asked of the API's `exec`.
///
/// @param input whether the command reads what the caller writes
/// @param terminal whether it gets a terminal; its output and its errors are one stream then
record ExecRequest(String podName, List<String> argv, boolean input, boolean terminal) {
  ExecRequest {
    argv = List.copyOf(argv);
    if (argv.isEmpty()) {
      throw new IllegalArgumentException("a command has at least a program to run");
    }
  }

  static ExecRequest reading(String podName, List<String> argv) {
    return new ExecRequest(podName, argv, false, false);
  }

  URI uri(URL master, String namespace) {
    var address = new StringBuilder(master.toString());
    if (address.charAt(address.length() - 1) != '/') {
      address.append('/');
    }
    address.append("api/v1/namespaces/").append(encoded(namespace));
    address
        .append("/pods/")
        .append(encoded(podName))
        .append("/exec?container=")
        .append(Names.TASK_CONTAINER);
    for (String word : argv) {
      address.append("&command=").append(encoded(word));
    }
    address.append("&stdout=true&stderr=").append(!terminal);
    address.append("&stdin=").append(input).append("&tty=").append(terminal);
    return URI.create(address.toString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }
}
