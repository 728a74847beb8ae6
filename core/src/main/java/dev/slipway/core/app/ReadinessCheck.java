package dev.slipway.core.app;

import java.time.Duration;
import java.util.List;

/// Asked of each new instance during a deployment until it says that it is ready, and never again
/// (Marathon's `readinessChecks`).
///
/// @param portName names one of the app's ports
/// @param timeout shorter than the interval
/// @param readyStatuses the HTTP statuses that mean ready
/// @param preserveLastResponse whether the deployment shows the last answer
public record ReadinessCheck(
    String name,
    boolean tls,
    String path,
    String portName,
    Duration interval,
    Duration timeout,
    List<Integer> readyStatuses,
    boolean preserveLastResponse) {
  public ReadinessCheck {
    readyStatuses = List.copyOf(readyStatuses);
  }
}
