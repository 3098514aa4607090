package dev.tidemark.engine.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The system that the connector reads from: it extracts the flights that have just arrived into
 * files, each with a head that says how many records it holds and up to when. It goes on whatever
 * becomes of the connector. Owns its thread.
 */
final class FlightSource implements AutoCloseable {
  private static final int UNREAD_AT_MOST = 500;

  private final FlightData data;
  private final Clock clock;
  private final Path folder;
  private final Consumer<String> say;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "flight-source"));
  private Instant extracted;

  FlightSource(FlightData data, Clock clock, Path folder, Consumer<String> say) throws IOException {
    this.data = data;
    this.clock = clock;
    this.folder = Files.createDirectories(folder);
    this.say = say;
    this.extracted = clock.instant().minus(1, ChronoUnit.HOURS);
  }

  void start() {
    ScheduledFuture<?> unused =
        thread.scheduleWithFixedDelay(this::extract, 0, 250, TimeUnit.MILLISECONDS);
  }

  private void extract() {
    Instant upTo = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    if (!upTo.isAfter(extracted)) {
      return;
    }
    if (unread() >= UNREAD_AT_MOST) {
      // Nobody fetches them; the next extract will hold what has come meanwhile.
      return;
    }
    List<FlightData.Flight> flights = data.between(extracted, upTo);
    List<String> lines = new ArrayList<>();
    lines.add("records," + flights.size() + "," + upTo);
    for (FlightData.Flight flight : flights) {
      lines.add(
          flight.time()
              + ","
              + flight.origin()
              + ","
              + flight.destination()
              + ","
              + flight.delay());
    }
    try {
      String name = "%015d".formatted(upTo.getEpochSecond());
      Path staged = Files.write(folder.resolve(name + ".part"), lines);
      Files.move(staged, folder.resolve(name + ".csv"), StandardCopyOption.ATOMIC_MOVE);
      extracted = upTo;
    } catch (IOException e) {
      say.accept("the source cannot write its extracts: " + e.getMessage());
      throw new UncheckedIOException(e);
    }
  }

  private int unread() {
    String[] names = folder.toFile().list();
    return names == null ? 0 : names.length;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
