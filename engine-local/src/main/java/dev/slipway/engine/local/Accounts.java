package dev.slipway.engine.local;

import dev.slipway.core.app.PathId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// Gives every app an account number of its own when the platform is root: two apps never share
/// one, and an app keeps its own for ever, so that what it left on the disk stays its own. The
/// numbers given are kept in a record. Named accounts come from `/etc/passwd`.
final class Accounts {
  static final int FIRST = 200_000;
  static final int LAST = 265_535;

  private static final Path PASSWD = Path.of("/etc/passwd");

  /// An account that a task may not or cannot run as; the message is for users.
  static final class AccountProblem extends Exception {
    private static final long serialVersionUID = 1;

    AccountProblem(String message) {
      super(message);
    }
  }

  private final Path file;
  private final Account self;
  private final boolean rootAllowed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Integer> given = new HashMap<>();

  Accounts(Path file, Account self, boolean rootAllowed) throws IOException {
    this.file = file;
    this.self = self;
    this.rootAllowed = rootAllowed;
    Optional<RecordFile.Content> record = RecordFile.read(file);
    if (record.isPresent()) {
      record.get().entries().forEach(e -> given.put(e.getKey(), Integer.valueOf(e.getValue())));
    }
  }

  /// Whom the platform itself runs as.
  static Account self() throws IOException {
    Path process = Path.of("/proc/self");
    int uid = (int) Files.getAttribute(process, "unix:uid");
    int gid = (int) Files.getAttribute(process, "unix:gid");
    return new Account(uid, gid, Optional.empty());
  }

  Account accountFor(PathId app, Optional<String> user) throws AccountProblem, IOException {
    if (user.isPresent()) {
      return named(user.get());
    }
    if (self.uid() != 0) {
      return self;
    }
    int uid = numberFor(app);
    return new Account(uid, uid, Optional.empty());
  }

  private Account named(String name) throws AccountProblem, IOException {
    Account account = lookUp(name);
    if (self.uid() != 0 && account.uid() != self.uid()) {
      throw new AccountProblem(
          "the platform is not root, so it cannot run a task as '" + name + "'");
    }
    if (account.uid() == 0 && !rootAllowed) {
      throw new AccountProblem("running as root is not allowed here");
    }
    return account;
  }

  private static Account lookUp(String name) throws AccountProblem, IOException {
    try (var lines = Files.lines(PASSWD)) {
      Optional<String[]> entry =
          lines
              .map(line -> line.split(":", -1))
              .filter(field -> field.length >= 4 && field[0].equals(name))
              .findFirst();
      if (entry.isEmpty()) {
        throw new AccountProblem("there is no account '" + name + "' on this machine");
      }
      String[] field = entry.get();
      return new Account(Integer.parseInt(field[2]), Integer.parseInt(field[3]), Optional.of(name));
    }
  }

  private int numberFor(PathId app) throws AccountProblem, IOException {
    lock.lock();
    try {
      Integer known = given.get(app.toString());
      if (known != null) {
        return known;
      }
      int next = FIRST + given.size();
      if (next > LAST) {
        throw new AccountProblem("all account numbers up to " + LAST + " are given to apps");
      }
      var lines = new RecordFile.Lines();
      given.forEach(lines::add);
      RecordFile.write(file, lines.add(app.toString(), next).content());
      given.put(app.toString(), next);
      return next;
    } finally {
      lock.unlock();
    }
  }
}
