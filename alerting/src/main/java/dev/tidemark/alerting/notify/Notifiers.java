package dev.tidemark.alerting.notify;

import dev.tidemark.alerting.Notifier;
import dev.tidemark.alerting.notify.console.ConsoleNotifier;
import dev.tidemark.alerting.notify.email.EmailNotifier;
import dev.tidemark.alerting.notify.pagerduty.PagerDutyNotifier;
import dev.tidemark.alerting.notify.slack.SlackNotifier;
import dev.tidemark.alerting.notify.text.Messages;
import dev.tidemark.alerting.notify.webhook.WebhookNotifier;
import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Routes;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Makes notifiers. Owns the HTTP client that they share and its threads, named {@code
 * tidemark-notify-http-N}; {@link #close} ends them.
 */
public final class Notifiers implements AutoCloseable {
  private final ExecutorService threads;
  private final HttpClient client;
  private final Messages messages = new Messages();
  private final Consumer<String> console;

  /**
   * Starts the HTTP client.
   *
   * @param console where the console receiver prints: one block of several lines at a time
   */
  public Notifiers(Consumer<String> console) {
    this.console = console;
    AtomicInteger number = new AtomicInteger();
    this.threads =
        Executors.newFixedThreadPool(
            2,
            work -> {
              Thread thread = new Thread(work, "tidemark-notify-http-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.client =
        HttpClient.newBuilder()
            .executor(threads)
            .connectTimeout(Duration.ofSeconds(10))
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(HttpClient.Version.HTTP_1_1)
            .build();
  }

  /** Returns a notifier for each receiver, by name. */
  public Map<String, Notifier> of(Routes routes) {
    Map<String, Notifier> notifiers = new HashMap<>();
    routes.receivers().forEach((name, receiver) -> notifiers.put(name, of(receiver)));
    return notifiers;
  }

  /** Returns the notifier of one receiver. */
  public Notifier of(Receiver receiver) {
    Receiver.Channel channel = receiver.channel();
    if (channel instanceof Receiver.Webhook webhook) {
      return new WebhookNotifier(client, webhook);
    }
    if (channel instanceof Receiver.PagerDuty pagerDuty) {
      return new PagerDutyNotifier(client, pagerDuty);
    }
    if (channel instanceof Receiver.Slack slack) {
      return new SlackNotifier(client, slack);
    }
    if (channel instanceof Receiver.Email email) {
      return new EmailNotifier(messages, email);
    }
    return new ConsoleNotifier(messages, console);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
