package dev.tidemark.engine.alertmanager;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.alerting.Silence;
import dev.tidemark.alerting.route.Matcher;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads Alertmanager's {@code postableSilence}. Pure functions. */
final class SilenceRequests {
  private static final ObjectMapper JSON = new ObjectMapper();

  private SilenceRequests() {}

  /**
   * A silence that somebody wants.
   *
   * @param id of the one to change, or empty for a new one
   * @param silence as it is to be, under that id
   */
  record Wanted(String id, Silence silence) {}

  /**
   * Reads a body.
   *
   * @param freshId for a new silence
   * @throws IllegalArgumentException with one sentence when it is not what it should be
   */
  static Wanted read(String body, String freshId, Instant now) {
    JsonNode json;
    try {
      json = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body is not JSON: " + e.getOriginalMessage(), e);
    }
    String author = json.path("createdBy").asText("");
    String comment = json.path("comment").asText("");
    if (author.isBlank()) {
      throw new IllegalArgumentException("createdBy is missing; say who wants the silence");
    }
    if (comment.isBlank()) {
      throw new IllegalArgumentException("comment is missing; say why, for whoever finds it quiet");
    }
    Instant starts = time(json, "startsAt");
    Instant ends = time(json, "endsAt");
    if (!ends.isAfter(now)) {
      throw new IllegalArgumentException("the silence would end at " + ends + ", which is over");
    }
    String id = json.path("id").asText("");
    return new Wanted(
        id,
        new Silence(
            id.isEmpty() ? freshId : id,
            matchers(json.path("matchers")),
            author,
            comment,
            starts.isBefore(now) ? now : starts,
            ends));
  }

  private static List<Matcher> matchers(JsonNode json) {
    List<Matcher> matchers = new ArrayList<>();
    for (JsonNode matcher : json) {
      matchers.add(
          Matcher.of(
              matcher.path("name").asText(""),
              matcher.path("isEqual").asBoolean(true),
              matcher.path("isRegex").asBoolean(false),
              matcher.path("value").asText("")));
    }
    if (matchers.stream().allMatch(SilenceRequests::matchesEmpty)) {
      throw new IllegalArgumentException(
          "at least one matcher has to ask for a value, or everything would be silenced");
    }
    return matchers;
  }

  private static boolean matchesEmpty(Matcher matcher) {
    return matcher.matches(Map.of());
  }

  private static Instant time(JsonNode json, String name) {
    String text = json.path(name).asText("");
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          name + " '" + text + "' is no time such as 2026-03-01T12:00:00Z", e);
    }
  }

  /** Reads the {@code filter} parameters of a query. */
  static List<Matcher> filters(List<String> texts) {
    return texts.stream().map(Matcher::parse).toList();
  }

  /** Whether a silence has a matcher for what is asked about, as amtool's query means it. */
  static boolean concerns(Silence silence, List<Matcher> filters) {
    return filters.stream()
        .allMatch(
            filter ->
                silence.matchers().stream()
                    .filter(matcher -> matcher.label().equals(filter.label()))
                    .anyMatch(matcher -> filter.matches(Map.of(matcher.label(), matcher.value()))));
  }

  /** Reads the {@code receiver} parameter of a query; it has to match the whole name. */
  static Pattern receiver(String text) {
    return Pattern.compile(text.isEmpty() ? ".*" : text);
  }
}
