package dev.tidemark.engine.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tidemark.engine.embedded.NpmPackage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * US flights of twelve weeks of early 2001, repeated for ever with weekday and hour kept.
 * Immutable.
 *
 * @param flights in the order of their times
 */
public record FlightData(List<Flight> flights) {
  private static final Instant FIRST = Instant.parse("2001-01-01T00:00:00Z");
  private static final Duration CYCLE = Duration.ofDays(84);
  private static final String VERSION = "3.2.1";

  /** One flight; the delay is in minutes. */
  public record Flight(Instant time, int delay, String origin, String destination) {}

  /** Copies the list. */
  public FlightData {
    flights = List.copyOf(flights);
  }

  /** Fetches the records once into the cache folder and returns their file. */
  public static Path fetch(Path cache, Consumer<String> progress)
      throws NpmPackage.UnavailableException {
    return new NpmPackage(
            "/demo/flight-data",
            "flight records (vega-datasets)",
            cache.resolve("demo").resolve(VERSION),
            200L << 20)
        .install(progress)
        .resolve("vega-datasets/data/flights-20k.json");
  }

  static FlightData read(Path file) throws IOException {
    DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm", Locale.ROOT);
    List<Flight> flights = new ArrayList<>();
    for (JsonNode node : new ObjectMapper().readTree(file.toFile())) {
      Instant time =
          LocalDateTime.parse(node.path("date").asText(), format).toInstant(ZoneOffset.UTC);
      if (time.isBefore(FIRST.plus(CYCLE))) {
        flights.add(
            new Flight(
                time,
                node.path("delay").asInt(),
                node.path("origin").asText(),
                node.path("destination").asText()));
      }
    }
    flights.sort(Comparator.comparing(Flight::time));
    return new FlightData(flights);
  }

  /** Returns the flights after one moment and up to another, at their shifted times. */
  List<Flight> between(Instant after, Instant upTo) {
    List<Flight> found = new ArrayList<>();
    long seconds = Duration.between(FIRST, after).toSeconds();
    long cycle = Math.floorDiv(seconds, CYCLE.toSeconds());
    for (Instant start = FIRST.plus(CYCLE.multipliedBy(cycle));
        !start.isAfter(upTo);
        start = start.plus(CYCLE)) {
      Duration shift = Duration.between(FIRST, start);
      for (Flight flight : flights) {
        Instant time = flight.time().plus(shift);
        if (time.isAfter(after) && !time.isAfter(upTo)) {
          found.add(new Flight(time, flight.delay(), flight.origin(), flight.destination()));
        }
      }
    }
    return found;
  }
}
