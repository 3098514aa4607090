package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.route.Matcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random lives against a simple model: what fires, what is covered and since when, and who was
 * told. Alerts come and go, their causes turn up late, guessed or certain, and move; datasets are
 * silenced and worked on; people take, merge and end incidents; the process dies before and after
 * writes; the clock leaps ahead and is set back by hours.
 *
 * <p>cdc feeds flights, api feeds weather; hourly is made of both, features of hourly; prices
 * stands alone.
 */
class IncidentModelProperties {
  private static final int GROUP_WAIT = 30;
  private static final int GROUP_INTERVAL = 120;

  private static final Map<String, List<List<String>>> WAYS =
      Map.of(
          "flights", List.of(List.of(), List.of("connector:cdc")),
          "weather", List.of(List.of(), List.of("connector:api")),
          "hourly",
              List.of(
                  List.of(),
                  List.of("dataset:flights"),
                  List.of("connector:cdc", "dataset:flights"),
                  List.of("connector:api", "dataset:weather")),
          "features",
              List.of(
                  List.of(),
                  List.of("dataset:hourly"),
                  List.of("connector:cdc", "dataset:flights", "dataset:hourly")),
          "prices", List.of(List.of()));

  private static final List<String> DATASETS = WAYS.keySet().stream().sorted().toList();

  /** One life. */
  private static final class Life {
    private final Random random;
    private final Fuse fuse = new Fuse();
    private final List<Notification> sent = new ArrayList<>();
    private final World world;

    // The model.
    private final Map<String, Alert> firing = new LinkedHashMap<>();
    private final Set<String> silenced = new HashSet<>();
    private final Set<String> workedOn = new HashSet<>();
    private final Set<String> endedByHand = new HashSet<>();
    private final Map<String, Long> bareSince = new HashMap<>();
    private final Map<String, String> home = new HashMap<>();
    private long now;
    private int seen;

    Life(long seed) {
      random = new Random(seed);
      world =
          new World(
              new FusedIncidentStore(fuse),
              new FusedOutbox(fuse, sent),
              new IncidentSettings(Duration.ofMinutes(1), Duration.ofMinutes(10)),
              Samples.routes(
                  Duration.ofSeconds(GROUP_WAIT),
                  Duration.ofSeconds(GROUP_INTERVAL),
                  Duration.ofHours(1)));
    }

    private <T> T any(List<T> from) {
      return from.get(random.nextInt(from.size()));
    }

    void step() {
      int leap = random.nextInt(20);
      if (leap == 0) {
        now += 600 + random.nextInt(2000);
      } else if (leap == 1) {
        now -= random.nextInt(random.nextBoolean() ? 20 : 20_000);
      } else {
        now += random.nextInt(60);
      }
      if (random.nextInt(4) == 0) {
        fuse.light(random.nextInt(4), random.nextBoolean());
      }
      Runnable does = something();
      try {
        does.run();
      } catch (IllegalStateException killed) {
        if (random.nextBoolean()) {
          // The engine says what it knows after a restart.
          world.restart(Samples.t(now));
          world.alerts(now, firing.values().toArray(Alert[]::new));
        }
        does.run();
      }
      fuse.light(-1, false);
      world.tick(now);
      check();
    }

    private Runnable something() {
      switch (random.nextInt(13)) {
        case 0, 1, 2, 3 -> {
          Alert alert = alert(any(DATASETS));
          firing.put(alert.fingerprint(), alert);
          return () -> world.alerts(now, alert);
        }
        case 4, 5, 6 -> {
          if (firing.isEmpty()) {
            return () -> world.tick(now);
          }
          Alert over = any(List.copyOf(firing.values())).resolvedAt(Samples.t(now));
          firing.remove(over.fingerprint());
          endedByHand.remove(over.fingerprint());
          return () -> world.alerts(now, over);
        }
        case 7 -> {
          return silence(any(DATASETS));
        }
        case 8 -> {
          return work(any(DATASETS));
        }
        case 9 -> {
          List<Incident> open = world.alerting.openIncidents();
          String id = open.isEmpty() ? "none" : any(open).id();
          return () -> world.acknowledge(now, id);
        }
        case 10 -> {
          List<Incident> open = world.alerting.openIncidents();
          if (open.isEmpty() || random.nextBoolean()) {
            return () -> world.restart(Samples.t(now));
          }
          String id = any(open).id();
          return () -> {
            world.resolve(now, id);
            // What it ended with: a restart in between may have merged another one into it.
            world.alerting.find(id).stream()
                .filter(ended -> ended.resolvedBy() != null)
                .flatMap(ended -> ended.alerts().stream())
                .filter(Alert::firingNow)
                .forEach(alert -> endedByHand.add(alert.fingerprint()));
          };
        }
        case 11 -> {
          List<Incident> open = world.alerting.openIncidents();
          String from = open.isEmpty() ? "none" : any(open).id();
          String into = open.isEmpty() ? "none" : any(open).id();
          return () -> {
            Optional<Incident> unused =
                world.alerting.merge(from, into, "anna", "one and the same", Samples.t(now));
          };
        }
        default -> {
          return () -> world.tick(now);
        }
      }
    }

    private Alert alert(String dataset) {
      List<String> path = new ArrayList<>(any(Objects.requireNonNull(WAYS.get(dataset))));
      path.add("dataset:" + dataset);
      Alert fresh = Samples.caused(Samples.t(now), path.toArray(String[]::new));
      Alert known = firing.get(fresh.fingerprint());
      Cause cause = Objects.requireNonNull(fresh.cause());
      return fresh.toBuilder()
          .cause(
              new Cause(
                  cause.type(), cause.name(), random.nextBoolean(), cause.evidence(), cause.path()))
          .severity(random.nextBoolean() ? Severity.PAGE : Severity.TICKET)
          .startsAt(known == null ? Samples.t(now) : known.startsAt())
          .suppressedBy(workedOn.contains(dataset) ? planned() : null)
          .build();
    }

    private static SuppressedBy planned() {
      return new SuppressedBy.ByPlannedWork("BF-1", "DATA-7", "backfill");
    }

    private Runnable silence(String dataset) {
      boolean on = silenced.add(dataset);
      if (!on) {
        silenced.remove(dataset);
      }
      long from = now;
      return () -> {
        if (on) {
          world
              .alerting
              .silences()
              .put(
                  new Silence(
                      "s-" + dataset,
                      List.of(Matcher.equal("dataset", dataset)),
                      "anna",
                      "known",
                      Samples.t(from - 1_000_000),
                      Samples.t(from + 1_000_000)));
        } else {
          Optional<Silence> unused =
              world.alerting.silences().expire("s-" + dataset, Samples.t(from - 900_000));
        }
        world.tick(now);
      };
    }

    private Runnable work(String dataset) {
      if (!workedOn.remove(dataset)) {
        workedOn.add(dataset);
      }
      List<Alert> changed = new ArrayList<>();
      for (Alert alert : List.copyOf(firing.values())) {
        if (alert.dataset().equals(dataset)) {
          Alert now2 =
              alert.toBuilder()
                  .suppressedBy(workedOn.contains(dataset) ? planned() : null)
                  .updatedAt(Samples.t(now))
                  .build();
          firing.put(alert.fingerprint(), now2);
          changed.add(now2);
        }
      }
      return () -> world.alerts(now, changed.toArray(Alert[]::new));
    }

    private boolean covered(Alert alert) {
      return silenced.contains(alert.dataset()) || workedOn.contains(alert.dataset());
    }

    private void check() {
      List<Incident> open = world.alerting.openIncidents();
      everyFiringAlertHasOneHome(open);
      oneIncidentPerCause(open);
      whatFiresBareLongEnoughIsTold(open);
      nothingIsSaidOfWhatIsCovered();
    }

    private void everyFiringAlertHasOneHome(List<Incident> open) {
      List<String> held =
          open.stream()
              .flatMap(incident -> incident.alerts().stream())
              .filter(Alert::firingNow)
              .map(Alert::fingerprint)
              .toList();
      Set<String> expected = new LinkedHashSet<>(firing.keySet());
      expected.removeAll(endedByHand);
      assertThat(held).containsExactlyInAnyOrderElementsOf(expected);
    }

    private static void oneIncidentPerCause(List<Incident> open) {
      Map<String, String> owners = new HashMap<>();
      for (Incident incident : open) {
        if (incident.firing()) {
          assertThat(owners.putIfAbsent(incident.causeKey(), incident.id()))
              .as("another incident of %s than %s", incident.causeKey(), incident.id())
              .isNull();
        }
      }
    }

    private void whatFiresBareLongEnoughIsTold(List<Incident> open) {
      bareSince
          .keySet()
          .retainAll(
              open.stream()
                  .flatMap(incident -> incident.alerts().stream())
                  .filter(Alert::firingNow)
                  .map(Alert::fingerprint)
                  .toList());
      for (Incident incident : open) {
        for (Alert alert : incident.alerts()) {
          String fingerprint = alert.fingerprint();
          if (!alert.firingNow()) {
            continue;
          }
          boolean moved = !incident.id().equals(home.put(fingerprint, incident.id()));
          if (covered(alert) || endedByHand.contains(fingerprint)) {
            bareSince.remove(fingerprint);
          } else if (moved) {
            bareSince.put(fingerprint, now);
          } else {
            // When the clock is set back, waits begin anew.
            long since = Objects.requireNonNull(bareSince.merge(fingerprint, now, Math::min));
            if (now - since >= GROUP_WAIT + GROUP_INTERVAL) {
              assertThat(incident.told())
                  .as("%s fires since %d in %s, it is %d", fingerprint, since, incident.id(), now)
                  .anyMatch(Told::active);
            }
          }
        }
      }
    }

    /** Ends are always said, and who took it is for those who know of it. */
    private void nothingIsSaidOfWhatIsCovered() {
      for (; seen < sent.size(); seen++) {
        Notification said = sent.get(seen);
        if (said.kind() != NotificationKind.RESOLVED
            && said.kind() != NotificationKind.ACKNOWLEDGED) {
          assertThat(said.incident().alerts())
              .as("%s", said)
              .anyMatch(alert -> alert.firingNow() && !covered(alert));
        }
      }
    }

    /** Everything recovers, and the longest hold goes by. */
    void end() {
      now += 10_000;
      List<Alert> over =
          firing.values().stream().map(alert -> alert.resolvedAt(Samples.t(now))).toList();
      world.alerts(now, over.toArray(Alert[]::new));
      now += 4_000;
      world.tick(now);
      assertThat(world.alerting.openIncidents()).isEmpty();
      Map<String, NotificationKind> last = new HashMap<>();
      for (Notification said : sent) {
        NotificationKind before = last.put(said.dedupKey(), said.kind());
        boolean begins = before == null || before == NotificationKind.RESOLVED;
        switch (said.kind()) {
          case TRIGGERED -> assertThat(begins).as("told before: %s", said).isTrue();
          // The first word of what was taken before group wait was over.
          case ACKNOWLEDGED -> {}
          default -> assertThat(begins).as("of what is over: %s", said).isFalse();
        }
      }
      assertThat(last)
          .allSatisfy((key, kind) -> assertThat(kind).isEqualTo(NotificationKind.RESOLVED));
    }
  }

  @Property(tries = 250)
  void no_page_is_lost_none_is_sent_for_what_is_covered_and_each_cause_is_one_incident(
      @ForAll long seed) {
    Life life = new Life(seed);
    for (int step = 0; step < 40; step++) {
      life.step();
    }
    life.end();
  }
}
