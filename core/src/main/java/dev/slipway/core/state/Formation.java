package dev.slipway.core.state;

import dev.slipway.core.app.App;

/// What an app's instances are held to now. It follows the app in the root once a deployment
/// reaches it.
///
/// @param app the version that new instances are launched with
/// @param instances how many there should be
/// @param replacing whether instances of another generation give way to ones of this
public record Formation(App app, int instances, boolean replacing) {
  /// Whether there is to be one on each node that admits the app, however many instances are asked
  /// for; none asks for none anywhere.
  public boolean isDaemon() {
    return app.spec().scheduling().daemon() && instances > 0;
  }
}
