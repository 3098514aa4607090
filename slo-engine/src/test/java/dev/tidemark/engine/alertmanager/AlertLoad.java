package dev.tidemark.engine.alertmanager;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbered alerts in groups, sent to whoever speaks Alertmanager's API, and a receiver that notes
 * which of them it was told of, by anybody's payload. Thread-safe.
 */
public final class AlertLoad implements AutoCloseable {
  private static final Pattern NUMBER = Pattern.compile("\"n\"\\s*:\\s*\"(\\d+)\"");

  /** Of Tidemark's own webhook, where they are among the first fields. */
  private static final Pattern ID = Pattern.compile("\"id\":\"([^\"]+)\"");

  private static final Pattern KIND = Pattern.compile("\"kind\":\"([^\"]+)\"");
  private static final Pattern DEDUP_KEY = Pattern.compile("\"dedupKey\":\"([^\"]+)\"");

  private final int alerts;
  private final int groups;
  private final HttpServer receiver;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final BitSet notified = new BitSet();
  private volatile String name = "Load";
  private final Map<Integer, Set<String>> keys = new HashMap<>();
  private final Map<String, Set<String>> messages = new HashMap<>();
  private final Map<String, Set<String>> told = new HashMap<>();
  private final AtomicLong notifications = new AtomicLong();
  private final AtomicLong lastNanos = new AtomicLong();

  /**
   * Starts the receiver.
   *
   * @param alerts how many
   * @param groups over how many services they are spread evenly
   */
  public AlertLoad(int alerts, int groups) throws IOException {
    this.alerts = alerts;
    this.groups = groups;
    this.receiver =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 4096);
    receiver.setExecutor(threads);
    receiver.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          note(body);
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    receiver.start();
  }

  private void note(String body) {
    Matcher numbers = NUMBER.matcher(body);
    String key = field(DEDUP_KEY, body);
    String id = field(ID, body);
    synchronized (notified) {
      if (!body.contains("\"" + name + "\"")) {
        return;
      }
      while (numbers.find()) {
        int number = Integer.parseInt(numbers.group(1));
        notified.set(number);
        if (!key.isEmpty()) {
          keys.computeIfAbsent(number % groups, group -> new TreeSet<>()).add(key);
        }
      }
      if (!id.isEmpty()) {
        messages.computeIfAbsent(id, one -> new TreeSet<>()).add(key + " " + field(KIND, body));
        told.computeIfAbsent(key + " " + field(KIND, body), one -> new TreeSet<>()).add(id);
      }
    }
    notifications.incrementAndGet();
    lastNanos.set(System.nanoTime());
  }

  private static String field(Pattern pattern, String body) {
    Matcher found = pattern.matcher(body);
    return found.find() ? found.group(1) : "";
  }

  /** Returns under which dedup keys each group was told, where the payload has one. */
  public Map<Integer, Set<String>> keys() {
    synchronized (notified) {
      return copy(keys);
    }
  }

  /** Returns what was said under each id of a message: dedup key and kind. */
  public Map<String, Set<String>> messages() {
    synchronized (notified) {
      return copy(messages);
    }
  }

  /** Returns the ids of the messages by which each dedup key was told each kind. */
  public Map<String, Set<String>> told() {
    synchronized (notified) {
      return copy(told);
    }
  }

  private static <K> Map<K, Set<String>> copy(Map<K, Set<String>> sets) {
    Map<K, Set<String>> copy = new HashMap<>();
    sets.forEach((key, set) -> copy.put(key, Set.copyOf(set)));
    return copy;
  }

  /** Where the receiver listens. */
  public String receiverUrl() {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/";
  }

  /** How many of the alerts the receiver was told of. */
  public int notified() {
    synchronized (notified) {
      return notified.cardinality();
    }
  }

  /** How many messages the receiver got. */
  public long notifications() {
    return notifications.get();
  }

  /** When the last message came, as {@link System#nanoTime}. */
  public long lastNanos() {
    return lastNanos.get();
  }

  /** Begins anew with other alerts: the same ones under another name. */
  public void rename(String other) {
    synchronized (notified) {
      name = other;
      notified.clear();
      keys.clear();
      messages.clear();
      told.clear();
    }
    notifications.set(0);
  }

  /**
   * Sends all alerts over several connections; every request has to be answered with 200.
   *
   * @return seconds
   */
  public double send(URI base, int perRequest, int connections) throws Exception {
    List<String> bodies = new ArrayList<>();
    for (int from = 0; from < alerts; from += perRequest) {
      bodies.add(body(from, Math.min(alerts, from + perRequest)));
    }
    ExecutorService senders = Executors.newFixedThreadPool(connections);
    try {
      long began = System.nanoTime();
      List<Future<Integer>> answers = new ArrayList<>();
      for (String body : bodies) {
        answers.add(senders.submit(() -> post(base, body)));
      }
      for (Future<Integer> answer : answers) {
        int status = answer.get();
        if (status != 200) {
          throw new IllegalStateException("an alert was answered with " + status);
        }
      }
      return (System.nanoTime() - began) / 1e9;
    } finally {
      senders.shutdownNow();
    }
  }

  private int post(URI base, String body) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(base + "/api/v2/alerts"))
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  private String body(int from, int to) {
    StringBuilder json = new StringBuilder("[");
    for (int n = from; n < to; n++) {
      json.append(n == from ? "" : ",")
          .append(
              """
              {"labels":{"alertname":"%s","service":"s%d","n":"%d","severity":"critical",\
              "instance":"host-%d.example.org:9100"},\
              "annotations":{"summary":"Service s%d has trouble on host %d"},\
              "generatorURL":"http://prometheus.example.org/graph?g0.expr=up"}"""
                  .formatted(name, n % groups, n, n, n % groups, n));
    }
    return json.append("]").toString();
  }

  /** Asks for all its alerts; returns seconds until the whole answer is there. */
  public double list(URI base, int expected) throws Exception {
    long began = System.nanoTime();
    String body =
        client
            .send(
                HttpRequest.newBuilder(
                        URI.create(base + "/api/v2/alerts?filter=alertname%3D" + name))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .body();
    double seconds = (System.nanoTime() - began) / 1e9;
    long listed = NUMBER.matcher(body).results().count();
    if (listed != expected) {
      throw new IllegalStateException(listed + " alerts are listed, not " + expected);
    }
    return seconds;
  }

  @Override
  public void close() {
    receiver.stop(0);
    threads.shutdownNow();
  }
}
