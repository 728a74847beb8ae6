package dev.slipway.example.crawler;

import dev.slipway.example.crawler.fetch.FetchWorker;
import dev.slipway.example.crawler.parse.ParseWorker;
import dev.slipway.example.crawler.queue.QueueServer;
import dev.slipway.example.crawler.site.SiteServer;
import dev.slipway.example.crawler.store.StoreWorker;
import dev.slipway.example.crawler.worker.Environment;
import dev.slipway.example.crawler.worker.Environment.BadSetting;
import dev.slipway.example.crawler.worker.EventLog;
import dev.slipway.example.crawler.worker.Role;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

/// Starts one role: `java -cp 'lib/*' dev.slipway.example.crawler.Main
/// site|queue|fetch|parse|store`.
///
/// Settings are environment variables. SIGTERM ends the role gently with exit code 0; 1 means that
/// it broke, 2 that it was started wrongly.
public final class Main {
  private static final int BROKEN = 1;
  private static final int USAGE = 2;

  private Main() {}

  public static void main(String[] arguments) throws InterruptedException {
    // Libraries only speak up when something is wrong.
    Logger.getLogger("").setLevel(Level.WARNING);
    // Each line is written at once: a killed worker has said what it did.
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    EventLog log = new EventLog(out);
    // A thread that breaks takes the process along: half a worker would look alive.
    Thread.setDefaultUncaughtExceptionHandler((thread, fault) -> breakDown(thread, fault, log));
    Role role = start(arguments, log);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> stop(role, log)));
    if (!role.awaitEnd()) {
      log.fact("role-broken");
      Runtime.getRuntime().halt(BROKEN);
    }
  }

  private static Role start(String[] arguments, EventLog log) {
    try {
      return start(String.join(" ", arguments), new Environment(System.getenv()), log);
    } catch (BadSetting e) {
      System.err.println("crawler: " + e.getMessage());
    } catch (UncheckedIOException e) {
      System.err.println(
          "crawler: " + e.getMessage() + ": " + Objects.requireNonNull(e.getCause()).getMessage());
    }
    System.exit(USAGE);
    throw new IllegalStateException("the process has ended");
  }

  /// Starts a role in this process, as tests do.
  ///
  /// @throws BadSetting if there is no such role, or it cannot work with these settings
  public static Role start(String role, Environment environment, EventLog log) {
    return switch (role) {
      case "site" -> SiteServer.start(environment, log);
      case "queue" -> QueueServer.start(environment, log);
      case "fetch" -> FetchWorker.start(environment, log);
      case "parse" -> ParseWorker.start(environment, log);
      case "store" -> StoreWorker.start(environment, log);
      default ->
          throw new BadSetting(
              "start one of the roles site, queue, fetch, parse, store; not '" + role + "'");
    };
  }

  private static void breakDown(Thread thread, Throwable fault, EventLog log) {
    log.fact("role-broken", "thread", thread.getName(), "fault", fault);
    fault.printStackTrace();
    Runtime.getRuntime().halt(BROKEN);
  }

  private static void stop(Role role, EventLog log) {
    role.close();
    log.fact("role-stopped");
    // A JVM that is told to end would answer 143, as if the signal had killed it; this end was
    // orderly.
    Runtime.getRuntime().halt(0);
  }
}
