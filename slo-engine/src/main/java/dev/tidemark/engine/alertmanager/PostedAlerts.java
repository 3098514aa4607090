package dev.tidemark.engine.alertmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/v2/alerts}: Alertmanager's {@code postableAlerts}.
 *
 * @param alerts those that are well-formed
 * @param problems one sentence for each of the others
 */
public record PostedAlerts(List<ExternalAlert> alerts, List<String> problems) {
  /** How long an alert without an end fires after it was said last, as in Alertmanager. */
  static final Duration RESOLVE_TIMEOUT = Duration.ofMinutes(5);

  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  public PostedAlerts {
    alerts = List.copyOf(alerts);
    problems = List.copyOf(problems);
  }

  private record Posted(
      @Nullable Map<String, String> labels,
      @Nullable Map<String, String> annotations,
      @Nullable String startsAt,
      @Nullable String endsAt,
      @Nullable String generatorURL) {}

  /**
   * Reads a body.
   *
   * @param now for times that are left out
   * @throws IllegalArgumentException when it is no JSON array of alerts
   */
  public static PostedAlerts read(byte[] body, Instant now) {
    Posted[] posted;
    try {
      posted = JSON.readValue(body, Posted[].class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the body has to be a JSON array of alerts: "
              + e.getOriginalMessage()
              + (e.getLocation() == null
                  ? ""
                  : " (line %d, column %d)"
                      .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr())),
          e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the body cannot be read", e);
    }
    List<ExternalAlert> alerts = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < posted.length; i++) {
      try {
        alerts.add(alert(posted[i], now));
      } catch (IllegalArgumentException e) {
        problems.add("alert " + i + ": " + e.getMessage());
      }
    }
    return new PostedAlerts(alerts, problems);
  }

  private static ExternalAlert alert(@Nullable Posted posted, Instant now) {
    if (posted == null) {
      throw new IllegalArgumentException("it is null");
    }
    TreeMap<String, String> labels = named("label", posted.labels());
    // An empty label is no label, as in Prometheus.
    labels.values().removeIf(String::isEmpty);
    if (labels.isEmpty()) {
      throw new IllegalArgumentException("it has no labels; give at least alertname");
    }
    Instant starts = time("startsAt", posted.startsAt());
    Instant ends = time("endsAt", posted.endsAt());
    Instant from = starts != null ? starts : ends != null && ends.isBefore(now) ? ends : now;
    Instant until = ends != null ? ends : now.plus(RESOLVE_TIMEOUT);
    if (until.isBefore(from)) {
      throw new IllegalArgumentException(
          "it ends at " + until + ", before it starts at " + from + "; mend endsAt");
    }
    String url = posted.generatorURL() == null ? "" : posted.generatorURL();
    return new ExternalAlert(
        labels, named("annotation", posted.annotations()), url, from, until, now);
  }

  private static TreeMap<String, String> named(String what, @Nullable Map<String, String> given) {
    TreeMap<String, String> named = new TreeMap<>();
    if (given != null) {
      given.forEach(
          (name, value) -> {
            if (!isName(name)) {
              throw new IllegalArgumentException(
                  "'" + name + "' is no name of a " + what + "; use letters, digits and _");
            }
            named.put(name, value == null ? "" : value);
          });
    }
    return named;
  }

  /** As Prometheus has it; by hand, because each alert of a storm has a dozen. */
  private static boolean isName(String name) {
    for (int i = 0; i < name.length(); i++) {
      char each = name.charAt(i);
      boolean letter = each == '_' || (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z');
      if (!letter && (i == 0 || each < '0' || each > '9')) {
        return false;
      }
    }
    return !name.isEmpty();
  }

  private static @Nullable Instant time(String name, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return null;
    }
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      // Go's zero time stands for "not given".
      return time.isBefore(Instant.EPOCH) ? null : time;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          name + " '" + text + "' is no time such as 2026-03-01T12:00:00Z", e);
    }
  }
}
