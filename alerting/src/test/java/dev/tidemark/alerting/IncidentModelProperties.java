package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random lives against a simple model: what fires, what is covered and since when, and who was
 * told. Alerts come and go, their causes turn up late, guessed or certain, and move; datasets are
 * silenced and worked on; people take, merge and end incidents; the process dies before and after
 * writes; the clock leaps ahead and is set back by hours.
 */
class IncidentModelProperties {
  private static final int GROUP_WAIT = 30;
  private static final int GROUP_INTERVAL = 120;

  /** One life. */
  private static final class Life extends RandomLife {
    private final Map<String, Long> bareSince = new HashMap<>();
    private final Map<String, String> home = new HashMap<>();

    Life(long seed) {
      super(
          seed,
          Samples.routes(
              Duration.ofSeconds(GROUP_WAIT),
              Duration.ofSeconds(GROUP_INTERVAL),
              Duration.ofHours(1)));
    }

    @Override
    void pass() {
      int leap = random.nextInt(20);
      if (leap == 0) {
        now += 600 + random.nextInt(2000);
      } else if (leap == 1) {
        now -= random.nextInt(random.nextBoolean() ? 20 : 20_000);
      } else {
        now += random.nextInt(60);
      }
    }

    @Override
    Runnable something() {
      return switch (random.nextInt(13)) {
        case 0, 1, 2, 3 -> fires();
        case 4, 5, 6 -> recovers();
        case 7 -> silence();
        case 8 -> work();
        case 9 -> acknowledge();
        case 10 -> restartsOrEnds();
        case 11 -> merge();
        default -> nothing();
      };
    }

    private String anyId() {
      return anyOpen().map(Incident::id).orElse("none");
    }

    private Runnable acknowledge() {
      String id = anyId();
      return () -> world.acknowledge(now, id);
    }

    private Runnable restartsOrEnds() {
      Optional<Incident> one = anyOpen();
      if (one.isEmpty() || random.nextBoolean()) {
        return restarts();
      }
      String id = one.get().id();
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

    private Runnable merge() {
      String from = anyId();
      String into = anyId();
      return () -> {
        Optional<Incident> unused =
            world.alerting.merge(from, into, "anna", "one and the same", Samples.t(now));
      };
    }

    private boolean covered(Alert alert) {
      return silenced.contains(alert.dataset()) || workedOn.contains(alert.dataset());
    }

    @Override
    void check(List<Incident> open) {
      oneIncidentPerCause(open);
      whatFiresBareLongEnoughIsTold(open);
      nothingIsSaidOfWhatIsCovered();
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
      for (Notification said : news()) {
        if (said.kind() != NotificationKind.RESOLVED
            && said.kind() != NotificationKind.ACKNOWLEDGED) {
          assertThat(said.incident().alerts())
              .as("%s", said)
              .anyMatch(alert -> alert.firingNow() && !covered(alert));
        }
      }
    }

    @Override
    void end() {
      super.end();
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
