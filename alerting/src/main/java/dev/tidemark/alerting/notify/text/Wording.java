package dev.tidemark.alerting.notify.text;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.route.Receiver;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The texts of one receiver: its own templates where it has any. Thread-safe. */
public final class Wording {
  private static final Logger LOG = LoggerFactory.getLogger(Wording.class);

  private final @Nullable TemplateText title;
  private final @Nullable TemplateText body;

  /** Takes the templates as they are, for channels that show plain text. */
  public Wording(Receiver.Templates templates) {
    this(templates, UnaryOperator.identity());
  }

  /**
   * Takes the templates of a receiver, which were checked when they were read.
   *
   * @param escape how the channel wants a value written that is text and not markup
   */
  public Wording(Receiver.Templates templates, UnaryOperator<String> escape) {
    String own = templates.title();
    this.title = own == null ? null : TemplateText.compile(own, UnaryOperator.identity());
    String ownBody = templates.body();
    this.body = ownBody == null ? null : TemplateText.compile(ownBody, escape);
  }

  /** Whether any text is the receiver's own. */
  public boolean own() {
    return title != null || body != null;
  }

  /** Returns one line, unescaped: the receiver's own, or the headline. */
  public String title(Notification notification) {
    String own = applied(title, notification);
    return own == null
        ? NotificationText.of(notification).headline()
        : own.replaceAll("[\\p{Cntrl}\\s]+", " ");
  }

  /** Returns the receiver's own body; null when it has none. */
  public @Nullable String body(Notification notification) {
    return applied(body, notification);
  }

  /** A template that fails must not keep anybody from being told: the built-in text is used. */
  private static @Nullable String applied(
      @Nullable TemplateText template, Notification notification) {
    if (template == null) {
      return null;
    }
    try {
      String text = template.apply(notification);
      return text.isBlank() ? null : text;
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "a template of the receiver {} failed, the built-in text is sent: {}",
          notification.receiver(),
          e.getMessage());
      return null;
    }
  }

  /** Returns the text with at most so many characters; what is cut ends in an ellipsis. */
  public static String cut(String text, int length) {
    if (text.length() <= length) {
      return text;
    }
    int end = length - 1;
    // Half of a surrogate pair is no character.
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
  }
}
