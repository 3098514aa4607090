package dev.tidemark.alerting.route;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of one channel, with what several channels have in common. */
final class ChannelFields {
  private static final Set<String> CREDENTIALS =
      Set.of("routingKey", "apiKey", "token", "username", "password");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  final Fields fields;
  private final SecretResolver secrets;
  private final Set<String> takes;

  /**
   * Reads these.
   *
   * @param takes all fields that such a channel may have
   */
  ChannelFields(Fields fields, SecretResolver secrets, Set<String> takes) {
    this.fields = fields;
    this.secrets = secrets;
    this.takes = takes;
  }

  /** A required address that is itself a secret; null when there is a problem. */
  @Nullable Secret secretUrl(String field) {
    Secret url = requiredSecret(field, "https://…");
    return url != null && checkUrl(field, url.reveal()) ? url : null;
  }

  /** A required address; empty when there is a problem. */
  String requiredUrl(String field, String example) {
    String url = fields.required(field, example);
    return !url.isEmpty() && checkUrl(field, url) ? url : "";
  }

  /** An address with a default; empty when there is a problem. */
  String url(String field, String absent) {
    return fields.has(field) ? requiredUrl(field, absent) : absent;
  }

  @Nullable Secret requiredSecret(String field, String example) {
    String written = fields.required(field, example);
    return written.isEmpty() ? null : secret(field, written);
  }

  @Nullable Secret secret(String field) {
    String written = fields.text(field);
    return written == null ? null : secret(field, written);
  }

  Map<String, Secret> headers() {
    Map<String, Secret> headers = new LinkedHashMap<>();
    fields
        .textMap("headers")
        .forEach(
            (header, value) -> {
              Secret secret = secret("headers." + header, value);
              if (secret != null) {
                headers.put(header, secret);
              }
            });
    return headers;
  }

  Duration timeout() {
    Duration timeout = fields.duration("timeout", TIMEOUT);
    if (timeout.isZero() || timeout.compareTo(Duration.ofMinutes(2)) > 0) {
      fields.problem("timeout", "must be more than 0 and at most 2m");
      return TIMEOUT;
    }
    return timeout;
  }

  private @Nullable Secret secret(String field, String text) {
    try {
      return secrets.resolve(text);
    } catch (IllegalArgumentException e) {
      fields.problem(field, String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** The message must not repeat the address: it may be the secret. */
  boolean checkUrl(String field, String text) {
    try {
      URI uri = URI.create(text);
      String scheme = String.valueOf(uri.getScheme());
      boolean http = scheme.equals("http") || scheme.equals("https");
      String authority = uri.getRawAuthority();
      if (http && authority != null && authority.contains("@")) {
        fields.problem(
            field,
            "must not carry a user name or password, which previews and logs would show; leave out"
                + " what is before the @ and give it in "
                + instead());
        return false;
      }
      if (http && uri.getHost() != null) {
        return true;
      }
    } catch (IllegalArgumentException e) {
      // The same sentence as for an address without a host.
    }
    fields.problem(field, "is not an http:// or https:// address");
    return false;
  }

  /** Where the channel takes credentials. */
  private String instead() {
    if (takes.contains("headers")) {
      return "headers, such as {Authorization: \"Basic ${BASE64_OF_USER_AND_PASSWORD}\"}";
    }
    return takes.stream()
        .filter(CREDENTIALS::contains)
        .sorted()
        .reduce((one, other) -> one + " or " + other)
        .orElse("the path, as the vendor does");
  }
}
