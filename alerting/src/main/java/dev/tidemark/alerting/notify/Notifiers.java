package dev.tidemark.alerting.notify;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.Notifier;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.notify.alertmanager.AlertmanagerNotifier;
import dev.tidemark.alerting.notify.console.ConsoleNotifier;
import dev.tidemark.alerting.notify.email.EmailNotifier;
import dev.tidemark.alerting.notify.github.GithubIssues;
import dev.tidemark.alerting.notify.http.HttpSender;
import dev.tidemark.alerting.notify.jira.JiraIssues;
import dev.tidemark.alerting.notify.opsgenie.OpsgenieNotifier;
import dev.tidemark.alerting.notify.pagerduty.PagerDutyNotifier;
import dev.tidemark.alerting.notify.servicenow.ServiceNowIncidents;
import dev.tidemark.alerting.notify.slack.SlackBotNotifier;
import dev.tidemark.alerting.notify.slack.SlackNotifier;
import dev.tidemark.alerting.notify.teams.TeamsNotifier;
import dev.tidemark.alerting.notify.text.Messages;
import dev.tidemark.alerting.notify.ticket.TicketNotifier;
import dev.tidemark.alerting.notify.ticket.TicketSystem;
import dev.tidemark.alerting.notify.webhook.WebhookNotifier;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Makes notifiers. Owns the HTTP client that they share; {@link #close} ends its threads. */
public final class Notifiers implements AutoCloseable {
  private final HttpSender sender = new HttpSender();
  private final Messages messages = new Messages();
  private final Consumer<String> console;
  private final Clock clock;
  private final UnaryOperator<Notification> links;

  /**
   * Starts the HTTP client, with the system's clock.
   *
   * @param console where the console receiver prints: one block of several lines at a time
   */
  public Notifiers(Consumer<String> console) {
    this(console, Clock.systemUTC());
  }

  /**
   * Starts the HTTP client.
   *
   * @param console where the console receiver prints: one block of several lines at a time
   * @param clock for the time in signatures, and until when another Alertmanager keeps an alert
   */
  public Notifiers(Consumer<String> console, Clock clock) {
    this(console, clock, UnaryOperator.identity());
  }

  /**
   * Starts the HTTP client.
   *
   * @param console where the console receiver prints: one block of several lines at a time
   * @param clock for the time in signatures, and until when another Alertmanager keeps an alert
   * @param links puts links to act by into a notification that goes out to people
   */
  public Notifiers(Consumer<String> console, Clock clock, UnaryOperator<Notification> links) {
    this.console = console;
    this.clock = clock;
    this.links = links;
  }

  /** Returns a notifier for each receiver, by name. */
  public Map<String, Notifier> of(Routes routes) {
    Map<String, Notifier> notifiers = new HashMap<>();
    routes
        .receivers()
        .forEach((name, receiver) -> notifiers.put(name, of(receiver, routes.longestRepeat(name))));
    return notifiers;
  }

  /** Returns the notifier of one receiver whose incidents are repeated as usual, every 4 h. */
  public Notifier of(Receiver receiver) {
    return of(receiver, Route.Timing.DEFAULT.repeatInterval());
  }

  /**
   * Returns what the receiver would be sent, without its secrets and without asking anybody; see
   * {@link PreviewedNotifier#preview}.
   */
  public String preview(Receiver receiver, Notification notification) {
    return of(receiver, Route.Timing.DEFAULT.repeatInterval()).preview(notification);
  }

  private PreviewedNotifier of(Receiver receiver, Duration repeat) {
    PreviewedNotifier notifier = plain(receiver, repeat);
    Receiver.Channel channel = receiver.channel();
    // A ticket is read by many who were never told, and another Alertmanager hands on what it gets.
    boolean forEverybody =
        notifier instanceof TicketNotifier || channel instanceof Receiver.Alertmanager;
    return forEverybody ? notifier : new LinkedNotifier(notifier, links);
  }

  private PreviewedNotifier plain(Receiver receiver, Duration repeat) {
    Receiver.Channel channel = receiver.channel();
    if (channel instanceof Receiver.Webhook webhook) {
      return new WebhookNotifier(sender, receiver, webhook, clock);
    }
    if (channel instanceof Receiver.PagerDuty pagerDuty) {
      return new PagerDutyNotifier(sender, receiver, pagerDuty);
    }
    if (channel instanceof Receiver.Opsgenie opsgenie) {
      return new OpsgenieNotifier(sender, messages, receiver, opsgenie);
    }
    if (channel instanceof Receiver.Slack slack) {
      return new SlackNotifier(sender, receiver, slack);
    }
    if (channel instanceof Receiver.SlackBot slack) {
      return new SlackBotNotifier(sender, receiver, slack);
    }
    if (channel instanceof Receiver.Teams teams) {
      return new TeamsNotifier(sender, receiver, teams);
    }
    if (channel instanceof Receiver.Alertmanager alertmanager) {
      return new AlertmanagerNotifier(sender, receiver, alertmanager, repeat, clock);
    }
    if (channel instanceof Receiver.Email email) {
      return new EmailNotifier(messages, receiver, email);
    }
    if (channel instanceof Receiver.Jira jira) {
      return tickets(new JiraIssues(sender, receiver, jira), receiver);
    }
    if (channel instanceof Receiver.Github github) {
      return tickets(new GithubIssues(sender, receiver, github), receiver);
    }
    if (channel instanceof Receiver.ServiceNow serviceNow) {
      return tickets(new ServiceNowIncidents(sender, receiver, serviceNow), receiver);
    }
    return new ConsoleNotifier(messages, console);
  }

  private TicketNotifier tickets(TicketSystem system, Receiver receiver) {
    return new TicketNotifier(system, messages, receiver);
  }

  @Override
  public void close() {
    sender.close();
  }
}
