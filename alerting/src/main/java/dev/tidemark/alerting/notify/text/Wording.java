package dev.tidemark.alerting.notify.text;

import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.route.Receiver;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The texts of one receiver: its own templates where it has any. Thread-safe. */
public final class Wording {
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
    String own = title == null ? null : title.applyOrNull(notification);
    return own == null
        ? NotificationText.of(notification).headline()
        : own.replaceAll("[\\p{Cntrl}\\s]+", " ");
  }

  /** Returns the receiver's own body; null when it has none. */
  public @Nullable String body(Notification notification) {
    return body == null ? null : body.applyOrNull(notification);
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
