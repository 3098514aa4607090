package dev.tidemark.alerting.route;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one receiver. */
final class ReceiverReading {
  private static final Set<String> CHANNELS =
      Set.of("console", "webhook", "pagerduty", "slack", "email");
  private static final Set<String> FIELDS =
      Set.of("console", "webhook", "pagerduty", "slack", "email", "sendResolved");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final String PAGERDUTY = "https://events.pagerduty.com/v2/enqueue";

  private final SecretResolver secrets;

  ReceiverReading(SecretResolver secrets) {
    this.secrets = secrets;
  }

  @Nullable Receiver read(String name, Fields fields) {
    fields.onlyKnown(FIELDS, Map.of());
    List<String> used = CHANNELS.stream().filter(fields::has).sorted().toList();
    if (used.size() != 1) {
      fields.problem(
          "",
          "a receiver has exactly one of "
              + String.join(", ", CHANNELS.stream().sorted().toList())
              + "; this one has "
              + (used.isEmpty() ? "none" : String.join(", ", used)));
      return null;
    }
    Fields body = fields.child(used.get(0));
    if (body == null) {
      return null;
    }
    Receiver.Channel channel =
        switch (used.get(0)) {
          case "console" -> console(body);
          case "webhook" -> webhook(body);
          case "pagerduty" -> pagerDuty(body);
          case "slack" -> slack(body);
          default -> email(body);
        };
    return channel == null ? null : new Receiver(name, channel, fields.flag("sendResolved", true));
  }

  private static Receiver.Channel console(Fields fields) {
    fields.onlyKnown(Set.of(), Map.of());
    return new Receiver.Console();
  }

  private Receiver.@Nullable Channel webhook(Fields fields) {
    fields.onlyKnown(Set.of("url", "headers", "timeout"), Map.of());
    Secret url = url(fields);
    Map<String, Secret> headers = new LinkedHashMap<>();
    fields
        .textMap("headers")
        .forEach(
            (header, value) -> {
              Secret secret = secret(fields, "headers." + header, value);
              if (secret != null) {
                headers.put(header, secret);
              }
            });
    Duration timeout = timeout(fields);
    return url == null ? null : new Receiver.Webhook(url, headers, timeout);
  }

  private Receiver.@Nullable Channel pagerDuty(Fields fields) {
    fields.onlyKnown(Set.of("routingKey", "url", "timeout"), Map.of());
    String written = fields.required("routingKey", "${PAGERDUTY_ROUTING_KEY}");
    Secret key = written.isEmpty() ? null : secret(fields, "routingKey", written);
    String url = fields.has("url") ? fields.required("url", PAGERDUTY) : PAGERDUTY;
    boolean usable = checkUrl(fields, url);
    Duration timeout = timeout(fields);
    return key == null || !usable ? null : new Receiver.PagerDuty(key, url, timeout);
  }

  private Receiver.@Nullable Channel slack(Fields fields) {
    fields.onlyKnown(Set.of("url", "timeout"), Map.of());
    Secret url = url(fields);
    Duration timeout = timeout(fields);
    return url == null ? null : new Receiver.Slack(url, timeout);
  }

  private Receiver.@Nullable Channel email(Fields fields) {
    fields.onlyKnown(
        Set.of("host", "port", "tls", "username", "password", "from", "to", "timeout"), Map.of());
    String host = fields.required("host", "mail.example.org");
    Receiver.Tls tls = tls(fields);
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
    String written = fields.text("password");
    if ((username == null) != (written == null)) {
      fields.problem("", "username and password belong together; give both or none");
    }
    Secret password = written == null ? null : secret(fields, "password", written);
    String from = fields.required("from", "tidemark@example.org");
    List<String> to = fields.texts("to");
    if (to.isEmpty()) {
      fields.problem("to", "is missing; write to: [somebody@example.org]");
    }
    Duration timeout = timeout(fields);
    if (host.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return null;
    }
    return new Receiver.Email(host, port, tls, username, password, from, to, timeout);
  }

  private static Receiver.Tls tls(Fields fields) {
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

  private @Nullable Secret url(Fields fields) {
    String written = fields.required("url", "https://…");
    Secret url = written.isEmpty() ? null : secret(fields, "url", written);
    return url != null && checkUrl(fields, url.reveal()) ? url : null;
  }

  /** The message must not repeat the address: it may be the secret. */
  private static boolean checkUrl(Fields fields, String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme());
      if (uri.getHost() != null && (scheme.equals("http") || scheme.equals("https"))) {
        return true;
      }
    } catch (IllegalArgumentException e) {
      // The same sentence as for an address without a host.
    }
    fields.problem("url", "is not an http:// or https:// address");
    return false;
  }

  private @Nullable Secret secret(Fields fields, String field, String text) {
    try {
      return secrets.resolve(text);
    } catch (IllegalArgumentException e) {
      fields.problem(field, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static Duration timeout(Fields fields) {
    Duration timeout = fields.duration("timeout", TIMEOUT);
    if (timeout.isZero() || timeout.compareTo(Duration.ofMinutes(2)) > 0) {
      fields.problem("timeout", "must be more than 0 and at most 2m");
      return TIMEOUT;
    }
    return timeout;
  }
}
