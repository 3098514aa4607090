package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.YamlNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One integration of Alertmanager's receivers becomes one channel of ours. Defaults of {@code
 * global} are written out. Not thread-safe.
 *
 * <p>Source: Alertmanager's documentation, "Configuration", receiver integration settings.
 */
final class AlertmanagerChannels {
  private static final String OWN_WORDS =
      "messages are put together from the incident, there are no templates";
  private static final Map<String, String> REASONS = new HashMap<>();

  static {
    for (String key :
        List.of(
            "title",
            "text",
            "message",
            "description",
            "summary",
            "pretext",
            "fallback",
            "footer",
            "html",
            "headers",
            "details",
            "client",
            "client_url",
            "severity",
            "fields",
            "actions",
            "color",
            "title_link",
            "username",
            "icon_emoji",
            "icon_url",
            "note",
            "source",
            "links",
            "images",
            "class",
            "component",
            "group",
            "short_fields",
            "subject")) {
      REASONS.put(key, OWN_WORDS);
    }
    REASONS.put("channel", "the channel of an incoming webhook is chosen in Slack");
    REASONS.put("api_url", "the service's usual address is used");
    REASONS.put("max_alerts", "a message is about one incident");
    for (String key : List.of("responders", "tags", "priority", "entity")) {
      REASONS.put(key, "set it in Opsgenie, by rules on the integration");
    }
    for (String key : List.of("tls_config", "hello", "auth_identity", "auth_secret")) {
      REASONS.put(key, "mail is sent with the machine's name and certificates");
    }
    REASONS.put("http_config", "proxies and certificates are those of the Java machine");
  }

  /**
   * One channel.
   *
   * @param kind as our receivers name it
   * @param spec of the receiver
   */
  record Channel(String kind, Map<String, Object> spec) {}

  private final YamlNode global;
  private final AlertmanagerSecrets secrets = new AlertmanagerSecrets();

  AlertmanagerChannels(YamlNode global) {
    this.global = global;
  }

  /** Reads one, or complains that it cannot be carried. */
  Optional<Channel> read(String key, YamlNode config, String receiver) {
    return switch (key) {
      case "webhook_configs" -> webhook(config, receiver);
      case "slack_configs" -> slack(config, receiver);
      case "pagerduty_configs" -> pagerDuty(config, receiver);
      case "email_configs" -> email(config, receiver);
      case "opsgenie_configs" -> opsgenie(config, receiver);
      case "msteams_configs", "msteamsv2_configs" -> teams(config, receiver);
      default -> {
        config.error(
            "'"
                + key
                + "' cannot be carried; send a webhook to a service that forwards it, or use e-mail,"
                + " Slack, Teams, PagerDuty or Opsgenie");
        yield Optional.empty();
      }
    };
  }

  private Optional<Channel> slack(YamlNode config, String receiver) {
    others(config, "api_url", "api_url_file");
    Optional<YamlNode> own = config.find("api_url").or(() -> global.find("slack_api_url"));
    if (own.filter(at -> at.value().contains("/api/chat.")).isPresent()) {
      config.error(
          "Slack's API with a bot's token cannot be carried, so this is left out; make an incoming"
              + " webhook");
      return Optional.empty();
    }
    return secrets
        .find(config, "api_url", receiver + "_SLACK_URL")
        .or(() -> secrets.find(global, "slack_api_url", "SLACK_API_URL"))
        .or(() -> missing(config, "an address: api_url, or slack_api_url in global"))
        .map(url -> channel("slack", Map.of("url", url), config, false));
  }

  private Optional<Channel> teams(YamlNode config, String receiver) {
    others(config, "webhook_url", "webhook_url_file");
    return secrets
        .find(config, "webhook_url", receiver + "_TEAMS_URL")
        .or(() -> missing(config, "webhook_url"))
        .map(url -> channel("teams", Map.of("url", url), config, true));
  }

  private Optional<Channel> opsgenie(YamlNode config, String receiver) {
    others(config, "api_key", "api_key_file");
    return secrets
        .find(config, "api_key", receiver + "_OPSGENIE_API_KEY")
        .or(() -> secrets.find(global, "opsgenie_api_key", "OPSGENIE_API_KEY"))
        .or(() -> missing(config, "a key: api_key, or opsgenie_api_key in global"))
        .map(key -> channel("opsgenie", Map.of("apiKey", key), config, true));
  }

  private Optional<Channel> pagerDuty(YamlNode config, String receiver) {
    others(config, "routing_key", "routing_key_file", "service_key", "service_key_file", "url");
    boolean old = config.find("routing_key").isEmpty() && config.find("routing_key_file").isEmpty();
    config
        .find("service_key")
        .or(() -> config.find("service_key_file"))
        .ifPresent(
            at -> at.warn("a service_key is of the Events API v1; make an integration of v2"));
    Optional<String> key =
        secrets
            .find(config, old ? "service_key" : "routing_key", receiver + "_PAGERDUTY_ROUTING_KEY")
            .or(() -> missing(config, "routing_key"));
    return key.map(
        found -> {
          Map<String, Object> body = new LinkedHashMap<>();
          body.put("routingKey", found);
          config
              .text("url")
              .or(() -> global.text("pagerduty_url"))
              .ifPresent(url -> body.put("url", url));
          return channel("pagerduty", body, config, true);
        });
  }

  private Optional<Channel> webhook(YamlNode config, String receiver) {
    others(config, "url", "url_file", "timeout", "http_config");
    Optional<YamlNode> plain = config.find("url").filter(at -> hasNoSecret(at.value()));
    Optional<String> url =
        plain
            .map(YamlNode::value)
            .or(() -> secrets.find(config, "url", receiver + "_WEBHOOK_URL"))
            .or(() -> missing(config, "url"));
    if (url.isEmpty()) {
      return Optional.empty();
    }
    config.warn("the JSON is Tidemark's, not Alertmanager's: change who reads it");
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("url", url.get());
    Map<String, Object> headers =
        config.find("http_config").map(http -> headers(http, receiver)).orElse(Map.of());
    if (!headers.isEmpty()) {
      body.put("headers", headers);
    }
    config.text("timeout").ifPresent(timeout -> timeout(config, timeout, body));
    return Optional.of(channel("webhook", body, config, true));
  }

  private static void timeout(YamlNode config, String text, Map<String, Object> body) {
    long seconds = PromDuration.parse(text).map(found -> found.toSeconds()).orElse(0L);
    if (seconds >= 1 && seconds <= 120) {
      body.put("timeout", seconds + "s");
    } else if (seconds > 0 || !text.matches("0[a-z]*")) {
      config.find("timeout").orElse(config).warn("a timeout here is at most 2m; 10s is taken");
    }
  }

  /** Only an address with nothing behind its host surely has no token in it. */
  private static boolean hasNoSecret(String text) {
    try {
      URI uri = URI.create(text.trim());
      return uri.getHost() != null
          && uri.getUserInfo() == null
          && uri.getQuery() == null
          && uri.getFragment() == null
          && (uri.getPath() == null || uri.getPath().isEmpty() || uri.getPath().equals("/"));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private Map<String, Object> headers(YamlNode http, String receiver) {
    Losses.others(
        http,
        Set.of("basic_auth", "authorization", "bearer_token", "bearer_token_file", "http_headers"),
        Map.of("oauth2", "put a token into headers.Authorization"));
    Map<String, Object> headers = new LinkedHashMap<>();
    http.find("basic_auth")
        .ifPresent(
            at ->
                headers.put(
                    "Authorization",
                    "${"
                        + secrets.told(
                            at,
                            receiver + "_WEBHOOK_AUTHORIZATION",
                            "'Basic ' and base64 of 'user:password'")
                        + "}"));
    http.find("authorization")
        .flatMap(at -> authorization(at, "credentials", at.text("type").orElse("Bearer"), receiver))
        .or(() -> authorization(http, "bearer_token", "Bearer", receiver))
        .ifPresent(value -> headers.put("Authorization", value));
    http.find("http_headers")
        .ifPresent(all -> all.keys().forEach(name -> header(all, name, receiver, headers)));
    return headers;
  }

  private Optional<String> authorization(YamlNode map, String key, String type, String receiver) {
    Optional<YamlNode> file = map.find(key + "_file");
    if (map.find(key).isEmpty() && file.isPresent()) {
      file.get().warn("the file is the whole header here: it has to begin with '" + type + " '");
      return Optional.of(AlertmanagerSecrets.file(file.get()));
    }
    return secrets
        .find(map, key, receiver + "_WEBHOOK_TOKEN")
        .map(reference -> type + " " + reference);
  }

  private void header(YamlNode all, String name, String receiver, Map<String, Object> headers) {
    Optional<YamlNode> header = all.find(name);
    for (String source : List.of("values", "secrets", "files")) {
      for (YamlNode value : header.map(at -> at.elements(source)).orElse(List.of())) {
        if (headers.containsKey(name)) {
          value.warn("a second value of the header '" + name + "' is not carried; join them");
        } else {
          headers.put(
              name,
              switch (source) {
                case "values" -> value.value();
                case "files" -> AlertmanagerSecrets.file(value);
                default -> "${" + secrets.told(value, receiver + "_" + name, "it") + "}";
              });
        }
      }
    }
  }

  private Optional<Channel> email(YamlNode config, String receiver) {
    others(
        config,
        "to",
        "from",
        "smarthost",
        "auth_username",
        "auth_password",
        "auth_password_file",
        "require_tls");
    Optional<String> smarthost =
        config
            .text("smarthost")
            .or(() -> global.text("smtp_smarthost"))
            .or(() -> missing(config, "smarthost, or smtp_smarthost in global"));
    Optional<String> from =
        config
            .text("from")
            .or(() -> global.text("smtp_from"))
            .or(() -> missing(config, "from, or smtp_from in global"));
    Optional<String> to = config.text("to").or(() -> missing(config, "to"));
    if (smarthost.isEmpty() || from.isEmpty() || to.isEmpty()) {
      return Optional.empty();
    }
    if (to.get().contains("{{") || from.get().contains("{{")) {
      config.error("an address from a template cannot be carried; write one receiver for each");
      return Optional.empty();
    }
    int colon = smarthost.get().lastIndexOf(':');
    String port = colon < 0 ? "" : smarthost.get().substring(colon + 1);
    boolean tls =
        !config
            .text("require_tls")
            .or(() -> global.text("smtp_require_tls"))
            .filter("false"::equals)
            .isPresent();
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("host", colon < 0 ? smarthost.get() : smarthost.get().substring(0, colon));
    if (port.matches("\\d{1,5}")) {
      body.put("port", Integer.parseInt(port));
    }
    body.put("tls", port.equals("465") ? "implicit" : tls ? "starttls" : "none");
    Optional<String> username =
        config.text("auth_username").or(() -> global.text("smtp_auth_username"));
    Optional<String> password =
        secrets
            .find(config, "auth_password", receiver + "_SMTP_PASSWORD")
            .or(() -> secrets.find(global, "smtp_auth_password", "SMTP_AUTH_PASSWORD"));
    if (username.isPresent() && password.isPresent()) {
      body.put("username", username.get());
      body.put("password", password.get());
    } else if (username.isPresent() || password.isPresent()) {
      config.warn("the user is not carried: a user and a password belong together");
    }
    body.put("from", from.get());
    List<String> addresses = new ArrayList<>();
    for (String address : to.get().split(",", -1)) {
      if (!address.isBlank()) {
        addresses.add(address.strip());
      }
    }
    body.put("to", addresses);
    return Optional.of(channel("email", body, config, false));
  }

  private static Channel channel(
      String kind, Map<String, Object> body, YamlNode config, boolean tellsResolved) {
    Map<String, Object> spec = new LinkedHashMap<>();
    spec.put(kind, body);
    if (!config.text("send_resolved").map("true"::equals).orElse(tellsResolved)) {
      spec.put("sendResolved", false);
    }
    return new Channel(kind, spec);
  }

  private static void others(YamlNode config, String... carried) {
    Set<String> known = new HashSet<>(List.of(carried));
    known.add("send_resolved");
    Losses.others(config, known, REASONS);
  }

  private static Optional<String> missing(YamlNode config, String what) {
    config.error("this needs " + what + ", so it is left out");
    return Optional.empty();
  }
}
