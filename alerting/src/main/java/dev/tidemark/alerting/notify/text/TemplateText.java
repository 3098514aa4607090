package dev.tidemark.alerting.notify.text;

import com.github.jknack.handlebars.Context;
import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import com.github.jknack.handlebars.HandlebarsException;
import com.github.jknack.handlebars.TagType;
import com.github.jknack.handlebars.Template;
import com.github.jknack.handlebars.context.MapValueResolver;
import com.github.jknack.handlebars.io.AbstractTemplateLoader;
import com.github.jknack.handlebars.io.TemplateSource;
import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Notification;
import dev.tidemark.alerting.route.Suggestion;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Handlebars template that somebody wrote for a receiver. It sees the components of {@link
 * NotificationText}, and {@code headline}, {@code kind}, {@code severity}, {@code receiver}, {@code
 * at}, {@code labels.NAME} and {@code annotations.NAME} of the lead alert; nothing else: no files,
 * no methods. Thread-safe.
 */
public final class TemplateText {
  private static final Logger LOG = LoggerFactory.getLogger(TemplateText.class);

  /** More than any receiver takes; a template cannot fill the memory. */
  private static final int LONGEST = 64 * 1024;

  private static final Set<String> HELPERS = Set.of("lookup", "this", "else", "with", "each", "if");
  private static final Set<String> OPEN = Set.of("labels", "annotations");

  private final Template template;

  private TemplateText(Template template) {
    this.template = template;
  }

  /**
   * Compiles a template.
   *
   * @param escape applied to each value that is put in with two braces
   * @throws IllegalArgumentException when it cannot be read; the message begins with {@code
   *     line:column}
   */
  public static TemplateText compile(String source, UnaryOperator<String> escape) {
    EscapingStrategy escaping = value -> escape.apply(String.valueOf(value));
    try {
      return new TemplateText(
          new Handlebars(new NoFiles()).with(escaping).prettyPrint(true).compileInline(source));
    } catch (HandlebarsException e) {
      throw new IllegalArgumentException(
          e.getError() == null
              ? "1:1: " + e.getMessage()
              : e.getError().line + ":" + e.getError().column + ": " + e.getError().reason,
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException("1:1: " + e.getMessage(), e);
    }
  }

  /**
   * Returns what is wrong with a template, tried with a made-up notification; empty when nothing.
   */
  public static List<String> problems(String source) {
    try {
      TemplateText text = compile(source, UnaryOperator.identity());
      List<String> problems = new ArrayList<>(text.unknown());
      if (problems.isEmpty()
          && text.apply(SampleNotification.of("sample", Instant.EPOCH)).isBlank()) {
        problems.add("says nothing; remove it to get the built-in text");
      }
      return problems;
    } catch (IllegalArgumentException e) {
      return List.of("the template cannot be read at " + e.getMessage());
    }
  }

  private List<String> unknown() {
    Map<String, Object> known = model(SampleNotification.of("sample", Instant.EPOCH));
    Set<String> names =
        new LinkedHashSet<>(template.collect(TagType.VAR, TagType.AMP_VAR, TagType.TRIPLE_VAR));
    names.addAll(template.collectReferenceParameters());
    List<String> problems = new ArrayList<>();
    for (String name : names) {
      String plain = name.replaceAll("^(\\.\\./|\\./|this\\.)+", "");
      String first = plain.split("[./\\[]", 2)[0];
      boolean special = first.isEmpty() || first.startsWith("@") || HELPERS.contains(first);
      if (!special
          && (!known.containsKey(first) || (!plain.equals(first) && !OPEN.contains(first)))) {
        problems.add("there is no '" + name + "'" + Suggestion.of(first, known.keySet()));
      }
    }
    return problems;
  }

  /**
   * Returns the text for one notification, without spaces around it, at most 64 Ki characters.
   *
   * @throws IllegalArgumentException when the template fails
   */
  public String apply(Notification notification) {
    Context context =
        Context.newBuilder(model(notification)).resolver(MapValueResolver.INSTANCE).build();
    try {
      String text = template.apply(context).strip();
      return text.length() <= LONGEST ? text : text.substring(0, LONGEST);
    } catch (HandlebarsException e) {
      throw new IllegalArgumentException("1:1: " + e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException("a text could not be written to memory", e);
    }
  }

  /**
   * Returns the text, or null when it is empty or the template fails: that must not keep anybody
   * from being told, the built-in text is sent instead.
   */
  public @Nullable String applyOrNull(Notification notification) {
    try {
      String text = apply(notification);
      return text.isBlank() ? null : text;
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "a template of the receiver {} failed, the built-in text is sent: {}",
          notification.receiver(),
          e.getMessage());
      return null;
    }
  }

  private static Map<String, Object> model(Notification notification) {
    NotificationText text = NotificationText.of(notification);
    Alert lead = notification.incident().lead();
    Map<String, Object> model = new HashMap<>();
    model.put("headline", text.headline());
    model.put("mark", text.mark());
    model.put("title", text.title());
    model.put("note", text.note());
    model.put("incidentId", text.incidentId());
    model.put("incidentUrl", text.incidentUrl());
    model.put("dataset", text.dataset());
    model.put("objective", text.objective());
    model.put("promise", text.promise());
    model.put("owner", text.owner());
    model.put("budgetLeft", text.budgetLeft());
    model.put("burnRate", text.burnRate());
    model.put("since", text.since());
    model.put("cause", text.cause());
    model.put("evidence", text.evidence());
    model.put("path", text.path());
    model.put("hurt", text.hurt());
    model.put("runbookTitle", text.runbookTitle());
    model.put("runbookUrl", text.runbookUrl());
    model.put("symptoms", text.symptoms());
    model.put("acknowledgeUrl", text.acknowledgeUrl());
    model.put("silenceUrl", text.silenceUrl());
    model.put("backfillUrl", text.backfillUrl());
    model.put("kind", notification.kind().name().toLowerCase(Locale.ROOT));
    model.put("severity", notification.incident().severity().label());
    model.put("receiver", notification.receiver());
    model.put("at", notification.at().toString());
    model.put("labels", lead.routingLabels());
    model.put("annotations", lead.annotations());
    return model;
  }

  /** A template is what is written in the definition; it reads no other. */
  private static final class NoFiles extends AbstractTemplateLoader {
    @Override
    public TemplateSource sourceAt(String location) throws IOException {
      throw new FileNotFoundException(
          "'" + location + "' cannot be included; a template stands alone");
    }
  }
}
