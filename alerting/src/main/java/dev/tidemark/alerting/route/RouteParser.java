package dev.tidemark.alerting.route;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads documents of the kinds {@code Route}, {@code Receiver}, {@code Schedule}, {@code
 * Escalation}, {@code TimeInterval} and {@code Inhibition}. Thread-safe.
 */
public final class RouteParser {
  /** The kinds that are read. */
  public static final Set<String> KINDS =
      Set.of("Route", "Receiver", "Schedule", "Escalation", "TimeInterval", "Inhibition");

  private final SecretResolver secrets;

  /** Takes what resolves {@code ${NAME}} and {@code file:} references. */
  public RouteParser(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /**
   * One document.
   *
   * @param kind one of {@link #KINDS}
   * @param name of its metadata
   * @param spec its body as plain maps and lists
   * @param place {@code file:line:column}, begins every problem; calendar files are named from the
   *     file's folder
   * @param places the same of each field by its path, such as {@code spec.routes[0].receiver};
   *     where one is missing, problems stand at what it belongs to
   */
  public record Document(
      String kind,
      String name,
      Map<String, Object> spec,
      String place,
      Map<String, String> places) {
    /** Only the place of the whole document is known. */
    public Document(String kind, String name, Map<String, Object> spec, String place) {
      this(kind, name, spec, place, Map.of());
    }

    Fields fields(List<String> problems) {
      return new Fields(spec, new Places(place, places), "spec", problems);
    }
  }

  /**
   * What was read.
   *
   * @param routes usable even with problems: what is wrong is left out
   * @param problems each {@code place: sentence}; empty when all is well
   * @param warnings of what may be meant so, in the same form
   */
  public record Result(Routes routes, List<String> problems, List<String> warnings) {
    public Result {
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
    }
  }

  /** Returns the fields that each channel of a receiver may have, by the channel's name. */
  public static Map<String, Set<String>> channels() {
    return ReceiverReading.CHANNELS;
  }

  /** Returns the fields that a receiver may have besides its channel. */
  public static Set<String> common() {
    return ReceiverReading.COMMON;
  }

  /** Reads all documents together. */
  public Result parse(List<Document> documents) {
    return new DocumentsReading(secrets, documents).read();
  }

  /** Returns the fields that are known, by the path of what holds them, such as {@code Route}. */
  public static Map<String, Set<String>> fields() {
    return Map.ofEntries(
        Map.entry("Route", RouteReading.FIELDS),
        Map.entry("Schedule", ScheduleReading.FIELDS),
        Map.entry("Schedule.layers", ScheduleReading.LAYER),
        Map.entry("Schedule.layers.handOver", ScheduleReading.HAND_OVER),
        Map.entry("Schedule.layers.restrict", ScheduleReading.RESTRICT),
        Map.entry("Schedule.overrides", ScheduleReading.OVERRIDE),
        Map.entry("Schedule.ical", ScheduleReading.ICAL),
        Map.entry("Escalation", EscalationReading.FIELDS),
        Map.entry("Escalation.steps", EscalationReading.STEP),
        Map.entry("Inhibition", InhibitionReading.FIELDS),
        Map.entry("TimeInterval", TimeIntervalReading.FIELDS),
        Map.entry("TimeInterval.timeIntervals", TimeIntervalReading.SPAN),
        Map.entry("TimeInterval.timeIntervals.times", TimeIntervalReading.TIMES));
  }
}
