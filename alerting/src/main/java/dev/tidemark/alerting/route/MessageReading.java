package dev.tidemark.alerting.route;

import dev.tidemark.alerting.notify.text.TemplateText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the channels that carry messages. */
final class MessageReading {
  static final Map<String, Set<String>> FIELDS =
      Map.of(
          "console", Set.of(),
          "webhook", Set.of("url", "headers", "format", "signingSecret", "timeout"),
          "pagerduty", Set.of("routingKey", "url", "image", "timeout"),
          "opsgenie", Set.of("apiKey", "region", "url", "responders", "priority", "timeout"),
          "slack", Set.of("url", "token", "channel", "timeout"),
          "teams", Set.of("url", "timeout"),
          "alertmanager", Set.of("urls", "headers", "timeout"),
          "email", Set.of("host", "port", "tls", "username", "password", "from", "to", "timeout"));

  private static final String PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";
  private static final String SLACK = "https://slack.com/api";
  private static final Pattern SLACK_CHANNEL = Pattern.compile("[CGD][A-Z0-9]{5,}");
  private static final Set<String> RESPONDERS = Set.of("team", "user", "escalation", "schedule");

  private final ChannelFields channel;
  private final Fields fields;

  MessageReading(ChannelFields channel) {
    this.channel = channel;
    this.fields = channel.fields;
  }

  Receiver.@Nullable Channel read(String kind) {
    return switch (kind) {
      case "console" -> new Receiver.Console();
      case "webhook" -> webhook();
      case "pagerduty" -> pagerDuty();
      case "opsgenie" -> opsgenie();
      case "slack" -> slack();
      case "teams" -> teams();
      case "alertmanager" -> alertmanager();
      default -> email();
    };
  }

  private Receiver.@Nullable Channel webhook() {
    Secret url = channel.secretUrl("url");
    Map<String, Secret> headers = channel.headers();
    String written = fields.text("format");
    Receiver.WebhookFormat format = Receiver.WebhookFormat.TIDEMARK;
    if ("alertmanager".equals(written)) {
      format = Receiver.WebhookFormat.ALERTMANAGER;
    } else if (written != null && !written.equals("tidemark")) {
      fields.problem("format", "must be tidemark or alertmanager, is '" + written + "'");
    }
    Secret signing = channel.secret("signingSecret");
    Duration timeout = channel.timeout();
    // A signature that was asked for and cannot be made must not be left out silently.
    if (url == null || (fields.has("signingSecret") && signing == null)) {
      return null;
    }
    return new Receiver.Webhook(url, headers, format, signing, timeout);
  }

  private Receiver.@Nullable Channel pagerDuty() {
    Secret key = channel.requiredSecret("routingKey", "${PAGERDUTY_ROUTING_KEY}");
    String url = channel.url("url", PAGERDUTY);
    String image = fields.text("image");
    boolean usable = image == null || checkImage(image);
    Duration timeout = channel.timeout();
    return key == null || url.isEmpty() || !usable
        ? null
        : new Receiver.PagerDuty(key, url, image, timeout);
  }

  private boolean checkImage(String image) {
    List<String> problems = new ArrayList<>(TemplateText.problems(image));
    if (!image.startsWith("https://")) {
      problems.add("must begin with https://, or PagerDuty does not show it");
    }
    problems.forEach(problem -> fields.problem("image", problem));
    return problems.isEmpty();
  }

  private Receiver.@Nullable Channel opsgenie() {
    Secret key = channel.requiredSecret("apiKey", "${OPSGENIE_API_KEY}");
    String region = fields.text("region");
    if (region != null && !region.equals("us") && !region.equals("eu")) {
      fields.problem("region", "must be us or eu, is '" + region + "'");
    }
    String url =
        channel.url(
            "url",
            "eu".equals(region) ? "https://api.eu.opsgenie.com" : "https://api.opsgenie.com");
    List<Receiver.Responder> responders = new ArrayList<>();
    for (String text : fields.texts("responders")) {
      int colon = text.indexOf(':');
      if (colon > 0 && colon < text.length() - 1 && RESPONDERS.contains(text.substring(0, colon))) {
        responders.add(
            new Receiver.Responder(text.substring(0, colon), text.substring(colon + 1).strip()));
      } else {
        fields.problem(
            "responders",
            "'" + text + "' must be team:NAME, user:ADDRESS, escalation:NAME or schedule:NAME");
      }
    }
    String priority = fields.text("priority");
    if (priority != null && !priority.matches("P[1-5]")) {
      fields.problem("priority", "must be P1, P2, P3, P4 or P5, is '" + priority + "'");
    }
    Duration timeout = channel.timeout();
    return key == null || url.isEmpty()
        ? null
        : new Receiver.Opsgenie(key, url, responders, priority, timeout);
  }

  private Receiver.@Nullable Channel slack() {
    Duration timeout = channel.timeout();
    if (!fields.has("token") && !fields.has("channel")) {
      Secret url = channel.secretUrl("url");
      return url == null ? null : new Receiver.Slack(url, timeout);
    }
    Secret token = channel.requiredSecret("token", "${SLACK_BOT_TOKEN}");
    String to = fields.required("channel", "C0123456789");
    if (!to.isEmpty() && !SLACK_CHANNEL.matcher(to).matches()) {
      fields.problem(
          "channel",
          "must be the channel's id, such as C0123456789, is '"
              + to
              + "'; it is at the end of the channel's details in Slack");
      return null;
    }
    String url = channel.url("url", SLACK);
    return token == null || to.isEmpty() || url.isEmpty()
        ? null
        : new Receiver.SlackBot(token, to, url, timeout);
  }

  private Receiver.@Nullable Channel teams() {
    Secret url = channel.secretUrl("url");
    Duration timeout = channel.timeout();
    return url == null ? null : new Receiver.Teams(url, timeout);
  }

  private Receiver.@Nullable Channel alertmanager() {
    List<String> urls = fields.texts("urls");
    if (urls.isEmpty()) {
      fields.problem("urls", "is missing; write urls: [http://alertmanager.example.org:9093]");
    }
    boolean good = !urls.isEmpty();
    for (String url : urls) {
      good &= channel.checkUrl("urls", url);
    }
    Map<String, Secret> headers = channel.headers();
    Duration timeout = channel.timeout();
    return good ? new Receiver.Alertmanager(urls, headers, timeout) : null;
  }

  private Receiver.@Nullable Channel email() {
    String host = fields.required("host", "mail.example.org");
    Receiver.Tls tls = tls();
    int port =
        fields.whole(
            "port",
            switch (tls) {
              case NONE -> 25;
              case STARTTLS -> 587;
              case IMPLICIT -> 465;
            },
            1,
            65535);
    String username = fields.text("username");
    if ((username == null) != (fields.text("password") == null)) {
      fields.problem("", "username and password belong together; give both or none");
    }
    Secret password = channel.secret("password");
    String from = fields.required("from", "tidemark@example.org");
    List<String> to = fields.texts("to");
    if (to.isEmpty()) {
      fields.problem("to", "is missing; write to: [somebody@example.org]");
    }
    Duration timeout = channel.timeout();
    if (host.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return null;
    }
    return new Receiver.Email(host, port, tls, username, password, from, to, timeout);
  }

  private Receiver.Tls tls() {
    String text = fields.text("tls");
    if (text == null) {
      return Receiver.Tls.STARTTLS;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "none" -> Receiver.Tls.NONE;
      case "starttls" -> Receiver.Tls.STARTTLS;
      case "implicit" -> Receiver.Tls.IMPLICIT;
      default -> {
        fields.problem("tls", "must be starttls, implicit or none, is '" + text + "'");
        yield Receiver.Tls.STARTTLS;
      }
    };
  }
}
