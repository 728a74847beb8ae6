package dev.slipway.endtoend.task;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// A web server as small as can be. `VERSION` is what it answers; with `WELL=no` it answers 500.
/// Told to end, it goes on answering for `LINGER` milliseconds, as a polite one does while the news
/// spreads.
public final class Responder implements Runnable {
  private static final int PATIENCE_MILLISECONDS = 5_000;

  private final Socket socket;
  private final String answer;

  private Responder(Socket socket, String answer) {
    this.socket = socket;
    this.answer = answer;
  }

  /// Listens on `PORT0` until it is told to end.
  public static void main(String[] arguments) throws IOException {
    Map<String, String> environment = System.getenv();
    String version = environment.getOrDefault("VERSION", "1");
    String line = environment.getOrDefault("WELL", "yes").equals("yes") ? "200 OK" : "500 Broken";
    String answer =
        "HTTP/1.1 " + line + "\r\nConnection: close\r\nContent-Length: " + version.length();
    long lingering = Long.parseLong(environment.getOrDefault("LINGER", "0"));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> linger(lingering)));
    try (var server = new ServerSocket(Integer.parseInt(environment.getOrDefault("PORT0", "0")))) {
      System.out.println("started " + version);
      if (line.startsWith("500")) {
        System.err.println("the database is not there");
      }
      while (!server.isClosed()) {
        new Thread(new Responder(server.accept(), answer + "\r\n\r\n" + version)).start();
      }
    }
  }

  @Override
  public void run() {
    try (socket) {
      socket.setSoTimeout(PATIENCE_MILLISECONDS);
      var reader =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      String line = reader.readLine();
      while (line != null && !line.isEmpty()) {
        line = reader.readLine();
      }
      socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
    } catch (IOException gone) {
      System.err.println("a client left: " + gone.getMessage());
    }
  }

  /// Holds up the end of the JVM.
  private static void linger(long milliseconds) {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
