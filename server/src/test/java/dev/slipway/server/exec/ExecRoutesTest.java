package dev.slipway.server.exec;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slipway.core.engine.TerminalSize;
import dev.slipway.server.http.HttpServer;
import dev.slipway.server.http.HttpSettings;
import dev.slipway.server.http.TokenHash;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ExecRoutesTest {
  private static final String TOKEN = "a-token-that-nobody-guesses";

  private static final String PATH = "/api/v1/tasks/" + TalkingEngine.KNOWN + "/exec";
  private static final String OTHER = TalkingEngine.KNOWN.replace("known", "other");

  private final TalkingEngine engine = new TalkingEngine();
  private final HttpClient client = HttpClient.newHttpClient();
  private final HttpServer server =
      HttpServer.start(
          HttpSettings.DEFAULT.withToken(TokenHash.of(TOKEN)).at("127.0.0.1", 0),
          List.of(new ExecRoutes(() -> engine)));

  @AfterEach
  void stop() {
    server.close();
    client.close();
  }

  @Test
  void aCommandIsTalkedTo() throws Exception {
    var heard = new Heard();
    WebSocket socket =
        open(
            heard,
            TalkingEngine.KNOWN,
            "?command=sh&command=-c&command=" + encoded("cat; echo e >&2; exit 7"));
    send(socket, 0, "hello\n");
    send(socket, 0, "");
    assertThat(heard.last()).isEqualTo("{\"exitCode\":7}");
    assertThat(heard.output.toString(UTF_8)).isEqualTo("hello\n");
    assertThat(heard.errors.toString(UTF_8)).isEqualTo("e\n");
  }

  @Test
  void muchInputAndOutputPassWhole() throws Exception {
    var heard = new Heard();
    WebSocket socket = open(heard, TalkingEngine.KNOWN, "?command=cat");
    String part = "0123456789abcdef".repeat(2000);
    for (int i = 0; i < 50; i++) {
      send(socket, 0, part);
    }
    send(socket, 0, "");
    assertThat(heard.last()).isEqualTo("{\"exitCode\":0}");
    assertThat(heard.output.toString(UTF_8)).isEqualTo(part.repeat(50));
  }

  @Test
  void theSizeOfTheTerminalAndItsChangesArriveAtTheEngine() throws Exception {
    var heard = new Heard();
    WebSocket socket = open(heard, TalkingEngine.KNOWN, "?command=cat&tty=true&columns=91&rows=23");
    send(socket, 3, "{\"columns\":120,\"rows\":50}");
    send(socket, 3, "{\"columns\":-1}");
    send(socket, 0, "");
    assertThat(heard.last()).isEqualTo("{\"exitCode\":0}");
    assertThat(engine.sizes).containsExactly(new TerminalSize(91, 23), new TerminalSize(120, 50));
  }

  @Test
  void whoLeavesEndsTheCommand() throws Exception {
    WebSocket socket = open(new Heard(), TalkingEngine.KNOWN, "?command=sleep&command=1000");
    Process process = engine.processes.poll(30, TimeUnit.SECONDS);
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    WebSocket lost = open(new Heard(), TalkingEngine.KNOWN, "?command=sleep&command=1000");
    Process other = engine.processes.poll(30, TimeUnit.SECONDS);
    lost.abort();
    assertThat(other.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void whatCannotBeRunIsSaid() throws Exception {
    var unknown = new Heard();
    open(unknown, OTHER, "?command=true");
    assertThat(unknown.last()).isEqualTo("{\"error\":\"task " + OTHER + " is not known\"}");
    var odd = new Heard();
    open(odd, TalkingEngine.KNOWN, "?tty=true&columns=0");
    assertThat(odd.last()).contains("a terminal has 1 to 4096 columns and rows");
  }

  @Test
  void moreSessionsThanTheLimitAreRefused() throws Exception {
    List<WebSocket> sockets = new ArrayList<>();
    for (int i = 0; i < ExecRoutes.SESSIONS; i++) {
      sockets.add(open(new Heard(), TalkingEngine.KNOWN, "?command=cat"));
      assertThat(engine.processes.poll(30, TimeUnit.SECONDS)).isNotNull();
    }
    var more = new Heard();
    open(more, TalkingEngine.KNOWN, "?command=cat");
    assertThat(more.last()).contains("32 commands are talked to already");
    sockets.forEach(WebSocket::abort);
  }

  @Test
  void noPageOfAnotherOriginAndNobodyWithoutTokenGetsIn() {
    assertThat(refusal(PATH + "?command=true", "Origin", "http://evil.example")).isEqualTo(403);
    assertThat(refusal(PATH + "?command=true", "Authorization", "Bearer wrong")).isEqualTo(401);
    assertThat(refusal("/ping/.." + PATH, "Accept", "*/*")).isIn(400, 401, 404);
    assertThat(engine.processes).isEmpty();
  }

  private int refusal(String path, String header, String value) {
    WebSocket.Builder builder = client.newWebSocketBuilder().header(header, value);
    if (header.equals("Origin")) {
      builder.header("Authorization", "Bearer " + TOKEN);
    }
    var connecting = builder.buildAsync(URI.create(base() + path), new Heard());
    assertThatThrownBy(connecting::get).hasCauseInstanceOf(WebSocketHandshakeException.class);
    var refused = (WebSocketHandshakeException) connecting.exceptionNow();
    return refused.getResponse().statusCode();
  }

  private String base() {
    return "ws://127.0.0.1:" + server.port();
  }

  private WebSocket open(Heard heard, String task, String query) throws Exception {
    return client
        .newWebSocketBuilder()
        .header("Authorization", "Bearer " + TOKEN)
        .buildAsync(URI.create(base() + "/api/v1/tasks/" + task + "/exec" + query), heard)
        .get();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static void send(WebSocket socket, int kind, String text) throws Exception {
    byte[] bytes = text.getBytes(UTF_8);
    ByteBuffer message = ByteBuffer.allocate(bytes.length + 1).put((byte) kind).put(bytes).flip();
    socket.sendBinary(message, true).get();
  }

  /// What the server sent.
  private static final class Heard implements WebSocket.Listener {
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
    private final CompletableFuture<String> last = new CompletableFuture<>();

    String last() throws Exception {
      return last.get(30, TimeUnit.SECONDS);
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean whole) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      message.writeBytes(part);
      if (whole) {
        byte[] all = message.toByteArray();
        message.reset();
        switch (all[0]) {
          case 1 -> output.write(all, 1, all.length - 1);
          case 2 -> errors.write(all, 1, all.length - 1);
          default -> last.complete(new String(all, 1, all.length - 1, UTF_8));
        }
      }
      socket.request(1);
      return null;
    }
  }
}
