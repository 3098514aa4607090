package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.caused;
import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.notify.Notifiers;
import dev.tidemark.alerting.route.Routes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** From three stale datasets to the one page, through all parts; the README shows what came out. */
class ReadmeTest {
  @Test
  void the_readme_shows_the_page_as_it_really_comes_out() throws IOException {
    Routes routes =
        Samples.routes(Duration.ofSeconds(30), Duration.ofMinutes(5), Duration.ofHours(4));
    World world = new World(IncidentSettings.DEFAULT, routes);
    List<String> printed = new ArrayList<>();
    try (Notifiers notifiers = new Notifiers(printed::add);
        Dispatcher dispatcher =
            new Dispatcher(
                world.outbox, notifiers.of(routes), DispatcherSettings.DEFAULT, new Random(1))) {
      world.alerts(0, caused(t(0), "connector:cdc", "dataset:flights"));
      world.alerts(
          20,
          caused(t(20), "connector:cdc", "dataset:flights", "dataset:hourly"),
          caused(t(20), "connector:cdc", "dataset:flights", "dataset:hourly", "dataset:features"));
      world.tick(30);
      dispatcher.run(() -> t(30), () -> true);
    }
    String readme = Files.readString(Path.of("README.md"), StandardCharsets.UTF_8);
    assertThat(printed).singleElement().satisfies(page -> assertThat(readme).contains(page));
  }
}
