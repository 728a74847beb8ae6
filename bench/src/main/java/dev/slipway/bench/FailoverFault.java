package dev.slipway.bench;

import dev.slipway.bench.FailoverServers.Member;
import java.io.IOException;
import java.io.UncheckedIOException;

/// What happens to the leader.
enum FailoverFault {
  /// `kill -9`.
  KILL("kill") {
    @Override
    void strike(Member leader) throws InterruptedException {
      leader.process().killHard();
    }

    @Override
    void mend(Member old) throws InterruptedException {
      old.process().start();
    }
  },

  /// It stands still, as in a long collection or a machine that sleeps.
  PAUSE("pause") {
    @Override
    void strike(Member leader) throws InterruptedException {
      leader.process().signal("STOP");
    }

    @Override
    void mend(Member old) throws InterruptedException {
      old.process().signal("CONT");
    }
  },

  /// It reaches neither database nor Kubernetes; its clients reach it.
  PARTITION("partition") {
    @Override
    void strike(Member leader) {
      leader.silence();
    }

    @Override
    void mend(Member old) {
      old.mend();
    }
  },

  /// It is asked to hand over.
  GRACEFUL("graceful") {
    @Override
    void strike(Member leader) throws InterruptedException {
      leader.process().delete("/v2/leader");
    }

    @Override
    void mend(Member old) {
      if (!old.process().isAlive()) {
        throw new UncheckedIOException(new IOException("who handed over is no longer there"));
      }
    }
  };

  private final String part;

  FailoverFault(String part) {
    this.part = part;
  }

  /// How it is called on the command line.
  String part() {
    return part;
  }

  abstract void strike(Member leader) throws InterruptedException;

  abstract void mend(Member old) throws InterruptedException;
}
