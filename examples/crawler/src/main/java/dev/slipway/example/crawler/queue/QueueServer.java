package dev.slipway.example.crawler.queue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.slipway.example.crawler.worker.Environment;
import dev.slipway.example.crawler.worker.EventLog;
import dev.slipway.example.crawler.worker.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.pekko.actor.Terminated;
import org.elasticmq.server.ElasticMQServer;
import org.elasticmq.server.config.ElasticMQServerConfig;
import scala.Function0;

/// The role `queue`: ElasticMQ, a server that speaks SQS, with the queues of the crawl.
///
/// What the queues hold is in this process's memory and ends with it. The store notices that and
/// hands the open pages out again. A health check asks for `/health`, which ElasticMQ answers with
/// 200.
public final class QueueServer implements Role {
  private final int port;
  private final Function0<Terminated> stop;
  private final CountDownLatch closed = new CountDownLatch(1);

  private QueueServer(int port, Function0<Terminated> stop) {
    this.port = port;
    this.stop = stop;
  }

  public static QueueServer start(Environment environment, EventLog log) {
    String bind = environment.bind();
    int port = environment.port();
    if (port == 0) {
      port = freePort(bind);
    }
    QueueServer server =
        new QueueServer(
            port,
            new ElasticMQServer(new ElasticMQServerConfig(configuration(bind, port))).start());
    log.fact("queue-started", "port", port, "queues", QueueName.values().length);
    return server;
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public boolean awaitEnd() throws InterruptedException {
    closed.await();
    return true;
  }

  @Override
  public synchronized void close() {
    if (closed.getCount() > 0) {
      stop.apply();
      closed.countDown();
    }
  }

  private static Config configuration(String bind, int port) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put("node-address.host", bind);
    values.put("node-address.port", port);
    values.put("rest-sqs.bind-hostname", bind);
    values.put("rest-sqs.bind-port", port);
    values.put("rest-stats.enabled", false);
    values.put("pekko.loglevel", "WARNING");
    // Two cores and short requests: more threads only take memory.
    values.put("pekko.actor.default-dispatcher.fork-join-executor.parallelism-max", 4);
    List<String> names = new ArrayList<>();
    for (QueueName queue : QueueName.values()) {
      String path = "queues." + queue.label();
      names.add(queue.label());
      values.put(path + ".defaultVisibilityTimeout", queue.visibility());
      values.put(path + ".receiveMessageWait", Duration.ZERO);
      if (queue.receiveLimit() > 0) {
        values.put(path + ".deadLettersQueue.name", QueueName.DEAD_LETTERS.label());
        values.put(path + ".deadLettersQueue.maxReceiveCount", queue.receiveLimit());
      }
    }
    return ConfigFactory.parseMap(values, "crawler queues " + names)
        .withFallback(ConfigFactory.load());
  }

  private static int freePort(String bind) {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(bind))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on " + bind, e);
    }
  }
}
