package dev.tidemark.engine.web;

import dev.tidemark.alerting.OutboxEntry;
import dev.tidemark.dashboards.view.Badge;
import dev.tidemark.dashboards.view.DutyView;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.Tone;
import dev.tidemark.engine.api.DeadLetters;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.OnCallNow;
import dev.tidemark.engine.links.LinkSigner;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Who is on call and what does not arrive, for the on-call page. Thread-safe; blocks. */
final class DutyViews {
  private static final int DEAD_SHOWN = 20;
  private static final int WAITING_COUNTED = 1_000;

  private final EngineState state;
  private final DeadLetters letters;
  private final LinkSigner signer;

  DutyViews(EngineState state, DeadLetters letters, LinkSigner signer) {
    this.signer = signer;
    this.state = state;
    this.letters = letters;
  }

  DutyView view(Instant at) {
    List<OutboxEntry> dead = letters.list(DEAD_SHOWN);
    return new DutyView(
        new TreeMap<>(state.alerting().routes().schedules())
            .values().stream().map(schedule -> onCall(OnCallNow.of(schedule, at))).toList(),
        new TreeMap<>(state.dispatch().get().failingSince())
            .entrySet().stream()
                .map(
                    entry ->
                        new DutyView.FailingReceiver(
                            entry.getKey(), entry.getValue(), waiting(entry.getKey())))
                .toList(),
        dead.stream().map(DutyViews::letter).toList(),
        Math.max(0, state.health().get().deadLetters() - dead.size()));
  }

  private DutyView.OnCall onCall(OnCallNow now) {
    return new DutyView.OnCall(
        now.schedule().name(),
        String.join(", ", now.members()),
        now.members().isEmpty() ? new Badge(Tone.BAD, "nobody") : new Badge(Tone.GOOD, "on call"),
        now.until(),
        now.until() == null ? "" : now.next().isEmpty() ? "nobody" : String.join(", ", now.next()),
        signer.calendarFile(now.schedule().name()));
  }

  private String waiting(String receiver) {
    int waiting = state.outbox().pendingOf(receiver, WAITING_COUNTED).size();
    return switch (waiting) {
      case 0 -> "nothing any more";
      case 1 -> "1 notification";
      case WAITING_COUNTED -> WAITING_COUNTED + " notifications or more";
      default -> waiting + " notifications";
    };
  }

  private static DutyView.DeadLetter letter(OutboxEntry entry) {
    return new DutyView.DeadLetter(
        entry.id(),
        Objects.requireNonNullElse(entry.finishedAt(), entry.createdAt()),
        entry.notification().receiver(),
        Link.incident(
            entry.notification().incident().id(), entry.notification().incident().title()),
        Objects.requireNonNullElse(entry.lastError(), "not known"));
  }
}
