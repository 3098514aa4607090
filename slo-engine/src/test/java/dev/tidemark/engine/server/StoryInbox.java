package dev.tidemark.engine.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The places at which the people of the stories read: Slack, PagerDuty, GitHub and a mailbox, on
 * loopback. What exactly each vendor takes is tested in {@code alerting}; this only keeps what
 * came. Thread-safe.
 */
final class StoryInbox implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What came at {@code /slack}, a webhook. */
  final List<JsonNode> slack = Collections.synchronizedList(new ArrayList<>());

  /** What came at {@code /pagerduty}, events. */
  final List<JsonNode> pagerDuty = Collections.synchronizedList(new ArrayList<>());

  /** Issues as they stand. */
  final List<ObjectNode> issues = Collections.synchronizedList(new ArrayList<>());

  private final HttpServer http;
  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

  StoryInbox() throws IOException {
    mail.start();
    http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    http.createContext(
        "/slack",
        exchange -> {
          slack.add(JSON.readTree(exchange.getRequestBody()));
          answer(exchange, 200, "ok");
        });
    http.createContext(
        "/pagerduty",
        exchange -> {
          pagerDuty.add(JSON.readTree(exchange.getRequestBody()));
          answer(exchange, 202, "{\"status\": \"success\"}");
        });
    http.createContext("/repos/", this::github);
    http.start();
  }

  private void github(HttpExchange exchange) throws IOException {
    String[] path = exchange.getRequestURI().getPath().split("/", -1);
    JsonNode body = JSON.readTree(exchange.getRequestBody().readAllBytes());
    switch (exchange.getRequestMethod() + " " + path.length) {
      case "GET 5" -> {
        ArrayNode all = JSON.createArrayNode();
        all.addAll(List.copyOf(issues));
        answer(exchange, 200, all.toString());
      }
      case "POST 5" -> {
        ObjectNode issue = body.deepCopy();
        issue.put("number", issues.size() + 1).put("state", "open").put("repo", path[3]);
        issues.add(issue);
        answer(exchange, 201, issue.toString());
      }
      default -> answer(exchange, 200, "{}");
    }
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  String address() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  int mailPort() {
    return mail.getSmtp().getPort();
  }

  /** Subjects and plain texts of the mails, in the order of their coming. */
  List<String> mails() throws MessagingException, IOException {
    List<String> mails = new ArrayList<>();
    for (MimeMessage message : mail.getReceivedMessages()) {
      MimeMultipart parts = (MimeMultipart) message.getContent();
      mails.add(
          "To: "
              + message.getHeader("To", ", ")
              + "\nSubject: "
              + message.getSubject()
              + "\n\n"
              + parts.getBodyPart(0).getContent().toString().replace("\r\n", "\n").strip());
    }
    return mails;
  }

  /**
   * What a reader sees, one line per line: a message of Slack in Slack's own markup, an event of
   * PagerDuty with its details and links, an issue of GitHub without its hidden line.
   */
  static String words(JsonNode message) {
    StringBuilder words = new StringBuilder();
    if (message.has("payload")) {
      words.append(message.path("payload").path("summary").asText()).append('\n');
      message
          .path("payload")
          .path("custom_details")
          .properties()
          .forEach(
              detail ->
                  words
                      .append(detail.getKey())
                      .append(": ")
                      .append(
                          detail.getValue().isArray()
                              ? String.join("; ", texts(detail.getValue()))
                              : detail.getValue().asText())
                      .append('\n'));
      message
          .path("links")
          .forEach(
              link ->
                  words
                      .append(link.path("text").asText())
                      .append(" → ")
                      .append(link.path("href").asText())
                      .append('\n'));
    } else if (message.has("title")) {
      words
          .append(message.path("title").asText())
          .append("\n\n")
          .append(message.path("body").asText().replaceAll("(?s)\\s*<!--.*?-->", ""));
    }
    for (JsonNode block : message.path("blocks")) {
      if (block.has("text")) {
        words.append(block.path("text").path("text").asText()).append('\n');
      }
      for (JsonNode field : block.path("fields")) {
        words.append(field.path("text").asText().replace("\n", ": ")).append('\n');
      }
    }
    return words.toString().strip();
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(each -> texts.add(each.asText()));
    return texts;
  }

  @Override
  public void close() {
    http.stop(0);
    mail.stop();
  }
}
