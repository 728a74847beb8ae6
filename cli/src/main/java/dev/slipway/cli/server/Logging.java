package dev.slipway.cli.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// One line a fact on the standard error: time, level, event name, `key=value` pairs. A stack trace
/// follows only where a bug was caught.
public final class Logging {
  // Loggers are kept as long as somebody holds them.
  private static final Logger ROOT = Logger.getLogger("");
  private static final Logger LIBRARIES = Logger.getLogger("org.eclipse.jetty");
  private static final Logger JAVALIN = Logger.getLogger("io.javalin");
  private static final Logger KUBERNETES = Logger.getLogger("io.fabric8");
  private static final Logger POD_LOGS =
      Logger.getLogger("io.fabric8.kubernetes.client.dsl.internal.LogWatchCallback");
  private static final Logger INFORMERS =
      Logger.getLogger("io.fabric8.kubernetes.client.informers.impl.cache.Reflector");
  private static final Logger POOL = Logger.getLogger("com.zaxxer.hikari");

  private Logging() {}

  /// From now on every logger writes so, from `level` on.
  public static void toStandardError(Level level) {
    for (Handler handler : ROOT.getHandlers()) {
      ROOT.removeHandler(handler);
    }
    var handler = new ConsoleHandler();
    handler.setFormatter(new OneLine());
    handler.setLevel(level);
    ROOT.addHandler(handler);
    ROOT.setLevel(level);
    LIBRARIES.setLevel(Level.SEVERE);
    JAVALIN.setLevel(Level.SEVERE);
    // The engine itself tells of connections that are lost, in one line and without a trace.
    KUBERNETES.setLevel(Level.SEVERE);
    // A pod's log that breaks off with the connection is opened anew by its next reader. These two
    // would print traces for it, as if it were a fault.
    POD_LOGS.setLevel(Level.OFF);
    INFORMERS.setLevel(Level.OFF);
    // The journal tells of its connections likewise.
    POOL.setLevel(Level.SEVERE);
  }

  private static final class OneLine extends Formatter {
    @Override
    public String format(LogRecord record) {
      Instant time = record.getInstant().truncatedTo(ChronoUnit.MILLIS);
      String line = time + " " + level(record) + " " + printable(formatMessage(record)) + "\n";
      return line + trace(record.getThrown());
    }

    private static String level(LogRecord record) {
      if (record.getLevel().intValue() >= Level.SEVERE.intValue()) {
        return "ERROR";
      }
      if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
        return "WARN ";
      }
      return record.getLevel().intValue() >= Level.INFO.intValue() ? "INFO " : "DEBUG";
    }

    /// What tasks and clients say may hold line ends, which would forge lines.
    private static String printable(String message) {
      return message.replaceAll("\\p{Cntrl}", "?");
    }

    private static String trace(@Nullable Throwable thrown) {
      if (thrown == null) {
        return "";
      }
      var text = new StringWriter();
      thrown.printStackTrace(new PrintWriter(text, true));
      return text.toString();
    }
  }
}
