package dev.slipway.testing;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/// A real PostgreSQL server in a directory of its own, on a free port of this machine. It can be
/// stopped, killed, started again, made to stand still, and followed by replicas.
///
/// ```java
/// PostgresServer server = PostgresServer.shared().orElseThrow();   // one a process
/// String url = server.url();
/// ```
public final class PostgresServer implements AutoCloseable {
  public static final String USER = "slipway";
  public static final String PASSWORD = "not-a-secret";
  public static final String DATABASE = "platform";

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final PostgresPrograms programs;
  private final Path directory;
  private final Path data;
  private final int port;

  private PostgresServer(PostgresPrograms programs, Path directory, int port) {
    this.programs = programs;
    this.directory = directory;
    this.data = directory.resolve("data");
    this.port = port;
  }

  /// One server for all tests of this process, ended with it.
  private static final class Shared {
    private static final Optional<PostgresServer> SERVER = start();

    private static Optional<PostgresServer> start() {
      Optional<PostgresServer> server = startFresh();
      server.ifPresent(it -> Runtime.getRuntime().addShutdownHook(new Thread(it::close)));
      return server;
    }
  }

  /// The one that the tests of this process share; nothing where PostgreSQL is not installed.
  public static Optional<PostgresServer> shared() {
    return Shared.SERVER;
  }

  /// One for whoever stops and breaks it.
  public static Optional<PostgresServer> startFresh(String... settings) {
    return PostgresPrograms.installed().map(programs -> startFresh(programs, settings));
  }

  private static PostgresServer startFresh(PostgresPrograms programs, String... settings) {
    try {
      PostgresServer server = inNewDirectory(programs);
      Path password = server.directory.resolve("password");
      Files.writeString(password, PASSWORD);
      programs.give(server.directory);
      programs.run(
          server.directory,
          "initdb",
          "--pgdata=" + server.data,
          "--username=" + USER,
          "--pwfile=" + password,
          "--auth=scram-sha-256",
          "--encoding=UTF8",
          "--no-locale",
          "--no-sync");
      server.configure(settings);
      server.start();
      server.execute("postgres", "CREATE DATABASE " + DATABASE);
      return server;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private static PostgresServer inNewDirectory(PostgresPrograms programs) throws IOException {
    Path directory = Files.createTempDirectory("slipway-postgres-");
    return new PostgresServer(programs, directory, freePort());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void configure(String... settings) throws IOException {
    List<String> lines =
        new ArrayList<>(
            List.of(
                "listen_addresses = '127.0.0.1'",
                "port = " + port,
                "unix_socket_directories = '" + directory + "'",
                "shared_buffers = 16MB",
                "max_connections = 100",
                "wal_level = replica",
                "hot_standby = on",
                "synchronous_standby_names = ''",
                "wal_receiver_timeout = 2s",
                "log_min_messages = warning"));
    lines.addAll(List.of(settings));
    Path file = data.resolve("postgresql.auto.conf");
    List<String> before =
        Files.exists(file)
            ? Files.readAllLines(file).stream().filter(line -> line.startsWith("primary_")).toList()
            : List.of();
    lines.addAll(before);
    Files.write(file, lines);
    programs.give(directory);
  }

  /// The name of a schema that no one of this process used yet.
  public static String newSchema() {
    return "test_" + COUNT.incrementAndGet();
  }

  /// The database of the journals.
  public String url() {
    return url("127.0.0.1:" + port, "");
  }

  /// The same as reached in another way.
  ///
  /// @param hosts as they stand in the URL
  /// @param parameters further ones, each beginning with `&`
  public static String url(String hosts, String parameters) {
    return "jdbc:postgresql://%s/%s?user=%s%s".formatted(hosts, DATABASE, USER, parameters);
  }

  public int port() {
    return port;
  }

  public Path data() {
    return data;
  }

  /// Does what is in the statement, in the database of the journals.
  public void execute(String sql) {
    execute(DATABASE, sql);
  }

  private void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException problem) {
      throw new IllegalStateException(sql, problem);
    }
  }

  /// A connection to the database of the journals.
  public Connection connect() throws SQLException {
    return connect(DATABASE);
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:%d/%s?connectTimeout=5".formatted(port, database),
        USER,
        PASSWORD);
  }

  public void start() {
    control("start", "--wait", "--log=" + directory.resolve("log"));
  }

  /// Ends it as an operator does: what is under way is rolled back.
  public void stop() {
    control("stop", "--wait", "--mode=fast");
  }

  /// Ends all its processes at once.
  public void kill() {
    List<ProcessHandle> all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().orTimeout(20, TimeUnit.SECONDS).join());
    try {
      // The number may be another process's soon.
      Files.deleteIfExists(pidFile());
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  public void restart() {
    stop();
    start();
  }

  /// Lets it stand still: connections stay open and nobody answers.
  public void pause() {
    signal("STOP");
  }

  public void resume() {
    signal("CONT");
  }

  /// A server that follows this one by streaming, and takes reads.
  public PostgresServer replica() {
    try {
      PostgresServer replica = inNewDirectory(programs);
      programs.give(replica.directory);
      programs.run(
          replica.directory,
          "pg_basebackup",
          "--dbname=host=127.0.0.1 port=%d user=%s password=%s".formatted(port, USER, PASSWORD),
          "--pgdata=" + replica.data,
          "--wal-method=stream",
          "--checkpoint=fast",
          "--no-sync",
          "--write-recovery-conf");
      replica.configure();
      replica.start();
      return replica;
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  /// Makes every commit wait until a replica has it too, or only until this server has it.
  public void waitForReplicas(boolean wait) {
    set("synchronous_standby_names", wait ? "*" : "");
  }

  /// Makes a replica take writes.
  public void promote() {
    control("promote", "--wait");
  }

  /// Takes connections by TLS from now on, and shows this certificate.
  public void secure(ServerCertificate with) {
    try {
      Files.copy(with.certificate(), data.resolve("server.crt"), REPLACE_EXISTING);
      Path key = Files.copy(with.key(), data.resolve("server.key"), REPLACE_EXISTING);
      Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
      programs.give(data);
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
    set("ssl", "on");
  }

  /// Takes connections without TLS alone again.
  public void unsecure() {
    set("ssl", "off");
  }

  private void set(String setting, String value) {
    execute("ALTER SYSTEM SET " + setting + " = '" + value + "'");
    execute("SELECT pg_reload_conf()");
  }

  private void control(String... arguments) {
    List<String> all = new ArrayList<>(List.of("--pgdata=" + data, "--silent"));
    all.addAll(List.of(arguments));
    programs.run(directory, "pg_ctl", all.toArray(String[]::new));
  }

  private Path pidFile() {
    return data.resolve("postmaster.pid");
  }

  private List<ProcessHandle> processes() {
    try {
      Path file = pidFile();
      if (!Files.exists(file)) {
        return List.of();
      }
      long first = Long.parseLong(Files.readAllLines(file).getFirst().strip());
      return ProcessHandle.of(first).stream()
          .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
          .toList();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }

  private void signal(String name) {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    processes().forEach(process -> command.add(Long.toString(process.pid())));
    try {
      new ProcessBuilder(command).start().waitFor();
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    resume();
    kill();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException problem) {
      throw new UncheckedIOException(problem);
    }
  }
}
