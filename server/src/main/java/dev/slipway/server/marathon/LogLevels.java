package dev.slipway.server.marathon;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/// From which level on the server's loggers write, and changes of that for a while.
///
/// Only Slipway's own loggers can be changed: those of the HTTP library would write tokens and
/// bodies. `ROOT` stands for all of them.
///
/// One lock guards all; each change that ends by itself has a virtual thread that waits for its
/// end.
final class LogLevels implements AutoCloseable {
  static final String OURS = "dev.slipway";
  static final String ROOT = "ROOT";
  static final Duration LONGEST = Duration.ofDays(1);

  /// Loggers whose level may be changed at once.
  static final int MAX_CHANGED = 100;

  private static final org.slf4j.Logger LOG = LoggerFactory.getLogger(LogLevels.class);

  /// The words of Marathon, and what they are here.
  enum Word {
    TRACE,
    DEBUG,
    INFO,
    WARN,
    ERROR,
    OFF;

    private Level level() {
      return switch (this) {
        case TRACE -> Level.FINEST;
        case DEBUG -> Level.FINE;
        case INFO -> Level.INFO;
        case WARN -> Level.WARNING;
        case ERROR -> Level.SEVERE;
        case OFF -> Level.OFF;
      };
    }

    static Optional<Word> of(String text) {
      return List.of(values()).stream().filter(word -> word.lower().equals(text)).findFirst();
    }

    String lower() {
      return name().toLowerCase(Locale.ROOT);
    }

    private static Word of(Level level) {
      for (Word word : values()) {
        if (level.intValue() <= word.level().intValue()) {
          return word;
        }
      }
      return OFF;
    }
  }

  /// A logger that was changed. It is held here, since the JDK forgets loggers, and their levels,
  /// that nobody holds.
  ///
  /// @param original its level before the first change; null where it was its parent's
  private record Changed(Logger logger, @Nullable Level original, @Nullable Thread end) {}

  private final Map<String, Changed> changed = new HashMap<>();
  private final Map<Handler, Level> handlers = new HashMap<>();

  static boolean isOurs(String name) {
    return name.equals(ROOT) || name.equals(OURS) || name.startsWith(OURS + ".");
  }

  /// The level of each of our loggers, as Marathon writes it: `INFO (inherited)`.
  synchronized SortedMap<String, String> all() {
    SortedMap<String, String> result = new TreeMap<>();
    result.put(ROOT, text(logger(ROOT)));
    for (String name : Collections.list(LogManager.getLogManager().getLoggerNames())) {
      if (isOurs(name)) {
        result.put(name, text(logger(name)));
      }
    }
    return result;
  }

  private static String text(Logger logger) {
    Level own = logger.getLevel();
    return own == null ? Word.of(effective(logger)) + " (inherited)" : Word.of(own).name();
  }

  private static Level effective(Logger logger) {
    Logger current = logger;
    while (current != null) { // Ends at the root, whose parent is null.
      if (current.getLevel() != null) {
        return current.getLevel();
      }
      current = current.getParent();
    }
    return Level.INFO;
  }

  private static Logger logger(String name) {
    return Logger.getLogger(name.equals(ROOT) ? OURS : name);
  }

  /// Has a logger write from `word` on, until the server ends or `duration` is over.
  ///
  /// @return false when too many loggers are changed already
  synchronized boolean change(String name, Word word, Optional<Duration> duration) {
    Logger logger = logger(name);
    Changed before = changed.get(logger.getName());
    if (before == null && changed.size() >= MAX_CHANGED) {
      return false;
    }
    if (before != null && before.end != null) {
      before.end.interrupt();
    }
    LOG.info("logging.changed logger={} level={}", logger.getName(), word.lower());
    Level original = before == null ? logger.getLevel() : before.original;
    logger.setLevel(word.level());
    Thread end =
        duration
            .map(time -> Thread.ofVirtual().unstarted(() -> endAfter(logger, time)))
            .orElse(null);
    changed.put(logger.getName(), new Changed(logger, original, end));
    admit();
    if (end != null) {
      end.start();
    }
    return true;
  }

  private void endAfter(Logger logger, Duration time) {
    try {
      Thread.sleep(time);
      restore(logger.getName(), Thread.currentThread());
    } catch (InterruptedException replaced) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void restore(String name, Thread end) {
    Changed change = changed.get(name);
    if (change == null || !end.equals(change.end)) {
      return;
    }
    changed.remove(name);
    change.logger.setLevel(change.original);
    admit();
    LOG.info("logging.restored logger={}", name);
  }

  /// Handlers have a level, too: they let through what the most talkative logger writes, and else
  /// what they let through before.
  private void admit() {
    int least =
        changed.values().stream()
            .mapToInt(change -> effective(change.logger).intValue())
            .min()
            .orElse(Level.OFF.intValue());
    for (Handler handler : Logger.getLogger("").getHandlers()) {
      Level original = handlers.computeIfAbsent(handler, Handler::getLevel);
      handler.setLevel(original.intValue() <= least ? original : Level.ALL);
    }
  }

  @Override
  public synchronized void close() {
    for (Changed change : new ArrayList<>(changed.values())) {
      if (change.end != null) {
        change.end.interrupt();
      }
      change.logger.setLevel(change.original);
    }
    changed.clear();
    admit();
  }
}
