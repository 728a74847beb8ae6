package dev.slipway.core.placement;

import dev.slipway.core.app.AppSpec;
import dev.slipway.core.app.Constraint;
import dev.slipway.core.app.PathId;
import dev.slipway.core.app.Resources;
import java.util.List;

/// What an instance of an app needs of a node.
///
/// @param ports in the order of the app's port definitions
/// @param portCursor where in a node's dynamic range the search for free ports begins, modulo the
///     range's size; a caller that moves it on does not hand out a port again at once
public record Request(
    PathId app,
    Resources resources,
    List<Constraint> constraints,
    List<PortRequest> ports,
    int portCursor) {
  public Request {
    constraints = List.copyOf(constraints);
    ports = List.copyOf(ports);
  }

  public static Request of(AppSpec app, int portCursor) {
    return new Request(
        app.id(), app.resources(), app.constraints(), PortRequest.of(app), portCursor);
  }
}
