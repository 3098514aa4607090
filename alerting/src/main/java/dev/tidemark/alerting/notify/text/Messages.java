package dev.tidemark.alerting.notify.text;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.Template;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.context.MethodValueResolver;
import com.github.jknack.handlebars.io.ClassPathTemplateLoader;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The templates, compiled once. Thread-safe. */
public final class Messages {
  private static final String FOLDER = "/dev/tidemark/alerting/notify/text";

  private final Template text;
  private final Template html;

  /** Compiles the templates. */
  public Messages() {
    try {
      text =
          new Handlebars(new ClassPathTemplateLoader(FOLDER, ".txt.hbs"))
              .with(EscapingStrategy.NOOP)
              // Lines that hold only a block's begin or end leave no empty line behind.
              .prettyPrint(true)
              .compile("message");
      html = new Handlebars(new ClassPathTemplateLoader(FOLDER, ".html.hbs")).compile("message");
    } catch (IOException e) {
      throw new UncheckedIOException("the message templates are not in the jar", e);
    }
  }

  /** Returns the message as plain text of several lines. */
  public String text(NotificationText message) {
    return render(text, message);
  }

  /** Returns the message as a complete HTML document. */
  public String html(NotificationText message) {
    return render(html, message);
  }

  /** Returns text that somebody else has written as a complete HTML document. */
  public String htmlOf(String ownText) {
    return "<!doctype html>\n<html><head><meta charset=\"utf-8\"></head>"
        + "<body style=\"font-family:sans-serif;white-space:pre-wrap\">"
        + EscapingStrategy.HTML_ENTITY.escape(ownText)
        + "</body></html>\n";
  }

  private static String render(Template template, NotificationText message) {
    Context context =
        Context.newBuilder(message)
            .resolver(MapValueResolver.INSTANCE, MethodValueResolver.INSTANCE)
            .build();
    try {
      return template.apply(context);
    } catch (IOException e) {
      throw new UncheckedIOException("a message could not be written to memory", e);
    }
  }
}
