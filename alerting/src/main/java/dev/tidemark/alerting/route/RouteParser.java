package dev.tidemark.alerting.route;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads documents of the kinds {@code Route} and {@code Receiver}. Thread-safe. */
public final class RouteParser {
  private final SecretResolver secrets;

  /** Takes what resolves {@code ${NAME}} and {@code file:} references. */
  public RouteParser(SecretResolver secrets) {
    this.secrets = secrets;
  }

  /**
   * One document.
   *
   * @param kind {@code Route} or {@code Receiver}
   * @param name of its metadata
   * @param spec its body as plain maps and lists
   * @param place {@code file:line:column}, begins every problem
   */
  public record Document(String kind, String name, Map<String, Object> spec, String place) {}

  /**
   * What was read.
   *
   * @param routes usable even with problems: what is wrong is left out
   * @param problems each {@code place: sentence}; empty when all is well
   */
  public record Result(Routes routes, List<String> problems) {
    public Result {
      problems = List.copyOf(problems);
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
    return new RouteReading(secrets).read(documents);
  }
}
