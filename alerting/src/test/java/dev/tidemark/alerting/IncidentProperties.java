package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Random lives of a graph of datasets, with restarts in between. */
class IncidentProperties {
  private static final int GROUP_WAIT = 30;
  private static final String[] PATH = {
    "connector:cdc", "dataset:flights", "dataset:hourly", "dataset:features"
  };

  @Property(tries = 300)
  void no_page_is_lost_and_none_is_sent_twice(@ForAll long seed) {
    Random random = new Random(seed);
    World world =
        new World(
            new IncidentSettings(Duration.ofMinutes(1), Duration.ofMinutes(10)),
            Samples.routes(
                Duration.ofSeconds(GROUP_WAIT), Duration.ofMinutes(2), Duration.ofHours(1)));
    Map<String, Alert> firing = new LinkedHashMap<>();
    long now = 0;
    for (int step = 0; step < 60; step++) {
      now += random.nextInt(40);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          Alert alert = anyAlert(random, firing, now);
          firing.put(alert.fingerprint(), alert);
          world.alerts(now, alert);
        }
        case 3, 4 -> {
          List<Alert> all = new ArrayList<>(firing.values());
          if (!all.isEmpty()) {
            Alert alert = all.get(random.nextInt(all.size()));
            firing.remove(alert.fingerprint());
            world.alerts(now, alert.resolvedAt(Samples.t(now)));
          }
        }
        case 5 -> {
          List<Incident> open = world.alerting.openIncidents();
          if (!open.isEmpty()) {
            world.acknowledge(now, open.get(random.nextInt(open.size())).id());
          }
        }
        case 6 -> world.restart(Samples.t(now));
        default -> world.tick(now);
      }
      everyFiringAlertIsInExactlyOneOpenIncident(world, firing);
      nobodyIsPagedTwiceForTheSame(world);
    }
    // Long enough for group wait and for the group interval of a reopened one.
    world.tick(now + GROUP_WAIT + 121);
    for (Incident incident : world.alerting.openIncidents()) {
      if (incident.firing()) {
        assertThat(incident.told())
            .as("receivers of %s", incident)
            .anySatisfy(told -> assertThat(told.active()).isTrue());
      }
    }
    nobodyIsPagedTwiceForTheSame(world);
  }

  private static Alert anyAlert(Random random, Map<String, Alert> firing, long now) {
    int node = 1 + random.nextInt(3);
    // Guessing begins at the dataset itself and may find causes further upstream, or forget them.
    int from = random.nextInt(node + 1);
    String[] path = java.util.Arrays.copyOfRange(PATH, from, node + 1);
    Alert fresh = Samples.caused(Samples.t(now), path);
    Alert known = firing.get(fresh.fingerprint());
    Severity severity = random.nextBoolean() ? Severity.PAGE : Severity.TICKET;
    return fresh.toBuilder()
        .severity(severity)
        .startsAt(known == null ? Samples.t(now) : known.startsAt())
        .build();
  }

  private static void everyFiringAlertIsInExactlyOneOpenIncident(
      World world, Map<String, Alert> firing) {
    List<String> held =
        world.alerting.openIncidents().stream()
            .flatMap(incident -> incident.alerts().stream())
            .filter(Alert::firingNow)
            .map(Alert::fingerprint)
            .toList();
    assertThat(held).containsExactlyInAnyOrderElementsOf(firing.keySet());
  }

  /** Between two triggers under one key there is always an end; ids never repeat. */
  private static void nobodyIsPagedTwiceForTheSame(World world) {
    Set<String> active = new HashSet<>();
    Set<String> escalated = new HashSet<>();
    for (OutboxEntry entry : world.outbox.all()) {
      Notification said = entry.notification();
      switch (said.kind()) {
        case TRIGGERED -> assertThat(active.add(said.dedupKey())).as("%s", said).isTrue();
        case ESCALATED -> {
          assertThat(active).contains(said.dedupKey());
          assertThat(escalated.add(said.dedupKey())).as("%s", said).isTrue();
        }
        case RESOLVED -> {
          assertThat(active.remove(said.dedupKey())).as("%s", said).isTrue();
          boolean unused = escalated.remove(said.dedupKey());
        }
        // The first word of what was taken before its receiver was called.
        case ACKNOWLEDGED -> active.add(said.dedupKey());
        default -> assertThat(active).contains(said.dedupKey());
      }
    }
    long openAndTold =
        world.alerting.openIncidents().stream()
            .flatMap(incident -> incident.told().stream())
            .filter(Told::active)
            .count();
    assertThat(active).hasSize((int) openAndTold);
  }
}
