package dev.tidemark.alerting.notify.console;

import dev.tidemark.alerting.Delivery;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.PreviewedNotifier;
import dev.tidemark.alerting.notify.text.Messages;
import dev.tidemark.alerting.notify.text.NotificationText;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Prints each message as one framed block. */
public final class ConsoleNotifier implements PreviewedNotifier {
  private static final String EDGE = "─".repeat(78);

  private final Messages messages;
  private final Consumer<String> out;

  /**
   * Prints to the given place.
   *
   * @param out takes one whole block at a time, without a line end after it
   */
  public ConsoleNotifier(Messages messages, Consumer<String> out) {
    this.messages = messages;
    this.out = out;
  }

  @Override
  public Delivery deliver(Notification notification) {
    out.accept(preview(notification));
    return new Delivery.Delivered();
  }

  @Override
  public String preview(Notification notification) {
    String body =
        messages
            .text(NotificationText.of(notification))
            .strip()
            .lines()
            .map(line -> line.isEmpty() ? "│" : "│ " + line)
            .collect(Collectors.joining("\n"));
    return "┌" + EDGE + "\n" + body + "\n└" + EDGE;
  }
}
