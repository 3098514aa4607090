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
 * @param allowPrivate whether it may be at a loopback or private address
 * @param templates texts instead of the built-in ones
 * @param fallback who is told instead while it cannot be reached; null when nobody is
 * @param digestAbove of more new incidents within a minute it is told by a digest; 0 for no limit
 */
public record Receiver(
    String name,
    Channel channel,
    boolean sendResolved,
    boolean allowPrivate,
    Templates templates,
    @Nullable Fallback fallback,
    int digestAbove) {
  private static final int PEOPLE_READ = 20;

  /** A receiver with the usual limit of its channel, in whose place nobody is told. */
  public Receiver(
      String name,
      Channel channel,
      boolean sendResolved,
      boolean allowPrivate,
      Templates templates) {
    this(name, channel, sendResolved, allowPrivate, templates, null, usualDigestAbove(channel));
  }

  /** Returns 20 for channels that people read, no limit for those that programs do. */
  static int usualDigestAbove(Channel channel) {
    return channel instanceof Webhook || channel instanceof Alertmanager ? 0 : PEOPLE_READ;
  }

  /** A receiver with the built-in texts, anywhere. */
  public Receiver(String name, Channel channel, boolean sendResolved) {
    this(name, channel, sendResolved, true, Templates.NONE);
  }

  /**
   * Who is told instead of a receiver that cannot be reached.
   *
   * @param receiver its name
   * @param after how long the other one has to have failed
   */
  public record Fallback(String receiver, Duration after) {}

  /**
   * Handlebars templates over the fields of {@code NotificationText}.
   *
   * @param title one line; null for the built-in one
   * @param body several lines; null for the built-in layout
   */
  public record Templates(@Nullable String title, @Nullable String body) {
    /** The built-in texts. */
    public static final Templates NONE = new Templates(null, null);
  }

  /** How a receiver is reached. */
  public sealed interface Channel {}

  /** Printed where Tidemark runs. */
  public record Console() implements Channel {}

  /**
   * JSON to any HTTP endpoint.
   *
   * @param url where to; a secret, because tokens live in such addresses
   * @param headers additional headers
   * @param format whose payload
   * @param signingSecret key of the signature; null for none
   * @param timeout for the whole exchange
   */
  public record Webhook(
      Secret url,
      Map<String, Secret> headers,
      WebhookFormat format,
      @Nullable Secret signingSecret,
      Duration timeout)
      implements Channel {
    public Webhook {
      headers = Map.copyOf(headers);
    }

    /** An unsigned webhook with Tidemark's payload. */
    public Webhook(Secret url, Map<String, Secret> headers, Duration timeout) {
      this(url, headers, WebhookFormat.TIDEMARK, null, timeout);
    }
  }

  /** Whose payload a webhook gets. */
  public enum WebhookFormat {
    /** Our own. */
    TIDEMARK,
    /** Version 4 of Alertmanager's webhook, for what already understands that. */
    ALERTMANAGER
  }

  /**
   * PagerDuty Events API v2.
   *
   * @param routingKey the integration's key
   * @param url the endpoint
   * @param image template of the https address of a picture to show; null for none
   * @param timeout for the whole exchange
   */
  public record PagerDuty(Secret routingKey, String url, @Nullable String image, Duration timeout)
      implements Channel {
    /** An integration without pictures. */
    public PagerDuty(Secret routingKey, String url, Duration timeout) {
      this(routingKey, url, null, timeout);
    }
  }

  /**
   * A Slack incoming webhook.
   *
   * @param url the webhook's address, which is its secret
   * @param timeout for the whole exchange
   */
  public record Slack(Secret url, Duration timeout) implements Channel {}

  /**
   * Slack's Web API as a bot: one message per incident, updated, news in its thread.
   *
   * @param token bot token with {@code chat:write} and {@code channels:history} or {@code
   *     groups:history}
   * @param channel the channel's id
   * @param url root of the Web API
   * @param timeout for each exchange
   */
  public record SlackBot(Secret token, String channel, String url, Duration timeout)
      implements Channel {}

  /**
   * A Microsoft Teams workflow that posts what its webhook receives.
   *
   * @param url the webhook's address, which is its secret
   * @param timeout for the whole exchange
   */
  public record Teams(Secret url, Duration timeout) implements Channel {}

  /**
   * Opsgenie's Alert API.
   *
   * @param apiKey of an API integration
   * @param url root of the API, which depends on the region
   * @param responders whom Opsgenie tells; empty leaves it to the integration
   * @param priority P1 to P5; null for P1 for pages and P3 for tickets
   * @param timeout for each exchange
   */
  public record Opsgenie(
      Secret apiKey,
      String url,
      List<Responder> responders,
      @Nullable String priority,
      Duration timeout)
      implements Channel {
    public Opsgenie {
      responders = List.copyOf(responders);
    }
  }

  /**
   * Whom Opsgenie tells.
   *
   * @param type team, user, escalation or schedule
   * @param name the team's, escalation's or schedule's name, the user's e-mail address
   */
  public record Responder(String type, String name) {}

  /**
   * Other Alertmanagers, all of one cluster: each is sent everything.
   *
   * @param urls their roots, at least one
   * @param headers additional headers
   * @param timeout for each exchange
   */
  public record Alertmanager(List<String> urls, Map<String, Secret> headers, Duration timeout)
      implements Channel {
    public Alertmanager {
      urls = List.copyOf(urls);
      headers = Map.copyOf(headers);
    }
  }

  /**
   * Issues in Jira.
   *
   * @param url root of the site
   * @param cloud whether it is Jira Cloud, which searches elsewhere than Data Center
   * @param username account of an API token; null when the token is a personal access token
   * @param token API token or personal access token
   * @param project its key
   * @param issueType name of the type
   * @param priority name of the priority; null for the project's default
   * @param labels additional labels, without spaces
   * @param closeTransition name of the transition that ends an issue; null for the first one that
   *     leads to a status of the category "done"
   * @param reopenTransition name of the one back; null for the first one that leaves that category
   * @param timeout for each exchange
   */
  public record Jira(
      String url,
      boolean cloud,
      @Nullable String username,
      Secret token,
      String project,
      String issueType,
      @Nullable String priority,
      List<String> labels,
      @Nullable String closeTransition,
      @Nullable String reopenTransition,
      Duration timeout)
      implements Channel {
    public Jira {
      labels = List.copyOf(labels);
    }
  }

  /**
   * Issues on GitHub.
   *
   * @param url root of the API
   * @param repository {@code owner/name}
   * @param token with write access to issues
   * @param labels put on each issue
   * @param assignees logins
   * @param timeout for each exchange
   */
  public record Github(
      String url,
      String repository,
      Secret token,
      List<String> labels,
      List<String> assignees,
      Duration timeout)
      implements Channel {
    public Github {
      labels = List.copyOf(labels);
      assignees = List.copyOf(assignees);
    }
  }

  /**
   * Incidents in ServiceNow.
   *
   * @param url root of the instance
   * @param username null when the password is an OAuth token
   * @param password the account's password, or the token
   * @param assignmentGroup name or id of a group; null for none
   * @param caller user name or id of the caller; null for the account itself
   * @param category null for the instance's default
   * @param closeCode resolution code, as the instance spells it
   * @param timeout for each exchange
   */
  public record ServiceNow(
      String url,
      @Nullable String username,
      Secret password,
      @Nullable String assignmentGroup,
      @Nullable String caller,
      @Nullable String category,
      String closeCode,
      Duration timeout)
      implements Channel {}

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
