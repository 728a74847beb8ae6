package dev.slipway.server.leadership;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.leadership.Strand;
import dev.slipway.server.control.Mandate;
import java.util.List;

/// What a server does with the lead once its candidacy won it. To begin, to end and to forget are
/// called by one thread, one after the other, and may take their time: the lease is renewed
/// meanwhile.
public interface Terms {
  /// Makes ready what a term needs, as far as it can be before, and finds out whether one could
  /// begin: nobody takes the lease for nothing. Asked again and again while this server does not
  /// lead, by a thread of its own.
  ///
  /// @return the highest epoch that the engine has seen
  /// @throws Exception why no term could begin now
  Epoch prepare() throws Exception;

  /// Does what a term will do, as far as that changes nothing and nobody hears of it, so that all
  /// is loaded and connected when it counts. Called by the same thread; failures are no matter.
  void rehearse();

  /// Begins to lead. Writes are taken when it returns; what runs is taken over behind that.
  ///
  /// @param mandate how long it may act; ends by itself unless the lease is renewed
  /// @throws Exception when it cannot lead now; everything that was begun has ended then
  void begin(Epoch epoch, Mandate mandate) throws Exception;

  /// Decides and acts no more. What is only shown may go on, until [#forget].
  ///
  /// @param reason why, for people
  void end(String reason);

  /// Ends what went on for show: another server leads, or this one begins anew.
  void forget();

  /// How much was done so far, and whether anything waits to be done, for each strand. Returns at
  /// once.
  List<Work> work();

  /// @param done changes with all that gets done
  record Work(Strand strand, long done, boolean pending) {}
}
