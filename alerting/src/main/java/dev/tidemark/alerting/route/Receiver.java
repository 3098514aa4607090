package dev.tidemark.alerting.route;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Somebody or something that can be told.
 *
 * @param name as routes name it
 * @param channel how
 * @param sendResolved whether it wants to hear that an incident is over
 */
public record Receiver(String name, Channel channel, boolean sendResolved) {
  /** How a receiver is reached. */
  public sealed interface Channel {}

  /** Printed where Tidemark runs. */
  public record Console() implements Channel {}

  /**
   * JSON to any HTTP endpoint.
   *
   * @param url where to; a secret, because tokens live in such addresses
   * @param headers additional headers
   * @param timeout for the whole exchange
   */
  public record Webhook(Secret url, Map<String, Secret> headers, Duration timeout)
      implements Channel {
    public Webhook {
      headers = Map.copyOf(headers);
    }
  }

  /**
   * PagerDuty Events API v2.
   *
   * @param routingKey the integration's key
   * @param url the endpoint
   * @param timeout for the whole exchange
   */
  public record PagerDuty(Secret routingKey, String url, Duration timeout) implements Channel {}

  /**
   * A Slack incoming webhook.
   *
   * @param url the webhook's address, which is its secret
   * @param timeout for the whole exchange
   */
  public record Slack(Secret url, Duration timeout) implements Channel {}

  /**
   * E-mail over SMTP.
   *
   * @param host the mail server
   * @param port its port
   * @param tls {@link Tls}
   * @param username null for no authentication
   * @param password null for no authentication
   * @param from the sender's address
   * @param to the receivers' addresses, at least one
   * @param timeout for connecting, and for each answer
   */
  public record Email(
      String host,
      int port,
      Tls tls,
      @Nullable String username,
      @Nullable Secret password,
      String from,
      List<String> to,
      Duration timeout)
      implements Channel {
    public Email {
      to = List.copyOf(to);
    }
  }

  /** How a mail connection is encrypted. */
  public enum Tls {
    NONE,
    /** Begins plain and must change to TLS. */
    STARTTLS,
    /** TLS from the first byte. */
    IMPLICIT
  }
}
