package dev.tidemark.alerting;

import static dev.tidemark.alerting.Samples.t;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidemark.alerting.route.Receiver;
import dev.tidemark.alerting.route.Route;
import dev.tidemark.alerting.route.Routes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Who hears what a receiver cannot be told. */
class StandInTest extends DispatcherWorld {
  private static Routes routes(Map<String, Receiver.Fallback> fallbacks, String... root) {
    Map<String, Receiver> receivers = new HashMap<>(Routes.console().receivers());
    for (String name : List.of("pager", "slack", "mail")) {
      receivers.put(
          name,
          new Receiver(
              name,
              new Receiver.Console(),
              true,
              true,
              Receiver.Templates.NONE,
              fallbacks.get(name),
              0));
    }
    return new Routes(
        new Route(List.of(), List.of(root), false, Route.Timing.DEFAULT, List.of()), receivers);
  }

  private static Receiver.Fallback fallback(String receiver) {
    return new Receiver.Fallback(receiver, Duration.ofMinutes(10));
  }

  @Test
  void after_its_time_the_fallback_hears_once_what_the_failing_receiver_should_have() {
    Dispatcher dispatcher = pagerIsAway();
    dispatcher.routes(routes(Map.of("pager", fallback("slack")), "pager"));
    dispatcher.run(() -> t(0), ALWAYS);
    dispatcher.run(() -> t(599), ALWAYS);
    assertThat(sent).containsOnly("1");
    dispatcher.run(() -> t(600), ALWAYS);
    dispatcher.run(() -> t(1200), ALWAYS);
    assertThat(sent.stream().filter(id -> !id.equals("1"))).containsExactly("1/for/slack");
    assertThat(entry("1").state()).isEqualTo(OutboxEntry.State.PENDING);
    assertThat(entry("1").handedOn()).isTrue();
    assertThat(entry("1/for/slack").notification().note()).contains("meant for pager");
    assertThat(entry("1/for/slack").notification().dedupKey()).isEqualTo("k");
  }

  @Test
  void receivers_that_stand_in_for_each_other_and_all_fail_are_asked_once_around() {
    put("1", "pager", "k", t(0));
    AtomicReference<Instant> clock = new AtomicReference<>(t(0));
    Dispatcher dispatcher = dispatcher(outbox, any -> AWAY);
    // Definitions refuse such a circle; the dispatcher does not depend on that.
    dispatcher.routes(
        routes(Map.of("pager", fallback("slack"), "slack", fallback("pager")), "pager"));
    for (int minute = 0; minute < 55; minute++) {
      clock.set(t(60L * minute));
      dispatcher.run(clock::get, ALWAYS);
    }
    assertThat(outbox.all()).extracting(OutboxEntry::id).containsExactly("1", "1/for/slack");
    assertThat(outbox.all()).allMatch(OutboxEntry::handedOn);
  }

  @Test
  void more_than_the_oldest_thousand_reach_the_fallback() {
    List<OutboxEntry> many = new ArrayList<>();
    for (int i = 0; i < 1_001; i++) {
      many.add(
          OutboxEntry.of(
              Samples.notification(
                  "e" + i, NotificationKind.TRIGGERED, "pager", "k" + i % 20, t(0))));
    }
    HandedOn counting = new HandedOn(many);
    Dispatcher dispatcher = dispatcher(counting, any -> AWAY);
    dispatcher.routes(routes(Map.of("pager", fallback("slack")), "pager"));
    dispatcher.run(() -> t(0), ALWAYS);
    for (int minute = 10; minute < 13; minute++) {
      long seconds = 60L * minute;
      dispatcher.run(() -> t(seconds), ALWAYS);
    }
    assertThat(counting.told).hasSize(1_001).doesNotHaveDuplicates();
  }

  /** Keeps what is pending as objects; a thousand documents of JSON would be read very often. */
  private static final class HandedOn extends InMemoryOutbox {
    private final Map<String, OutboxEntry> pending = new java.util.LinkedHashMap<>();
    private final List<String> told = new ArrayList<>();

    HandedOn(List<OutboxEntry> entries) {
      entries.forEach(entry -> pending.put(entry.id(), entry));
    }

    @Override
    public synchronized List<OutboxEntry> due(
        Instant now,
        java.util.function.ToIntFunction<String> room,
        java.util.function.Predicate<String> freeLane,
        int limit) {
      OutboxEntry first = pending.values().iterator().next();
      return freeLane.test(first.lane())
              && room.applyAsInt("pager") > 0
              && !first.nextAttemptAt().isAfter(now)
          ? List.of(first)
          : List.of();
    }

    @Override
    public synchronized List<OutboxEntry> notHandedOn(String receiver, int limit) {
      return pending.values().stream().filter(one -> !one.handedOn()).limit(limit).toList();
    }

    @Override
    public synchronized void settle(List<OutboxEntry> tried, List<OutboxEntry> added) {
      tried.forEach(entry -> pending.put(entry.id(), entry));
      added.forEach(entry -> told.add(entry.id()));
    }

    @Override
    public synchronized long pending() {
      return pending.size();
    }
  }

  @Test
  void what_a_receiver_refuses_goes_to_its_fallback_at_once() {
    put("1", "pager", "k", t(0));
    Dispatcher dispatcher = refusedBy("pager");
    dispatcher.routes(routes(Map.of("pager", fallback("slack")), "mail"));
    dispatcher.run(() -> t(0), ALWAYS);
    assertThat(sent).containsExactly("1", "1/for/slack");
    assertThat(entry("1").state()).isEqualTo(OutboxEntry.State.DEAD);
    assertThat(entry("1/for/slack").state()).isEqualTo(OutboxEntry.State.DELIVERED);
    assertThat(entry("1/for/slack").notification().note())
        .isEqualTo("new; meant for pager, which refuses it: 401: no such key");
  }

  private Dispatcher refusedBy(String... receivers) {
    return dispatcher(
        one ->
            List.of(receivers).contains(one.receiver())
                ? new Delivery.Rejected("401: no such key")
                : new Delivery.Delivered());
  }

  @Test
  void without_a_fallback_what_is_refused_goes_to_the_root_and_at_last_to_the_console() {
    put("1", "pager", "k", t(0));
    Dispatcher dispatcher = refusedBy("pager", "slack", "mail");
    dispatcher.routes(routes(Map.of(), "slack", "mail", "pager"));
    dispatcher.run(() -> t(0), ALWAYS);
    assertThat(sent)
        .containsExactlyInAnyOrder(
            "1", "1/for/slack", "1/for/mail", "1/for/slack/for/console", "1/for/mail/for/console");
    assertThat(outbox.pending()).isZero();
  }

  @Test
  void what_is_news_only_to_those_who_know_is_not_handed_on_when_it_is_refused() {
    for (NotificationKind kind : NotificationKind.values()) {
      outbox.enqueue(
          List.of(
              OutboxEntry.of(Samples.notification(kind.name(), kind, "pager", "k" + kind, t(0)))));
    }
    Dispatcher dispatcher = refusedBy("pager");
    dispatcher.routes(routes(Map.of(), "slack"));
    dispatcher.run(() -> t(0), ALWAYS);
    assertThat(sent.stream().filter(id -> id.endsWith("/for/slack")))
        .containsExactlyInAnyOrder(
            "TRIGGERED/for/slack",
            "ESCALATED/for/slack",
            "REPEATED/for/slack",
            "RESOLVED/for/slack");
  }

  @Test
  void what_is_refused_again_after_a_retry_by_hand_is_not_handed_on_again() {
    put("1", "pager", "k", t(0));
    Dispatcher dispatcher = refusedBy("pager");
    dispatcher.routes(routes(Map.of(), "slack"));
    dispatcher.run(() -> t(0), ALWAYS);
    assertThat(outbox.retry("1", t(5))).isPresent();
    dispatcher.run(() -> t(5), ALWAYS);
    assertThat(sent).containsExactly("1", "1/for/slack", "1");
  }

  private static final Delivery AWAY = new Delivery.Retry("503", null);

  /** 1 comes for a pager that never takes anything; all others do. */
  private Dispatcher pagerIsAway() {
    put("1", "pager", "k", t(0));
    return dispatcher(one -> one.receiver().equals("pager") ? AWAY : new Delivery.Delivered());
  }

  private final AtomicBoolean pagerIsThere = new AtomicBoolean();

  /** What receivers took, as {@code kind receiver}. */
  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  private Delivery hear(Notification one) {
    heard.add(one.kind() + " " + one.receiver());
    return new Delivery.Delivered();
  }

  /** The pager is away when 1 comes, and slack has stood in for it since 600. */
  private Dispatcher slackStandsIn() {
    put("1", "pager", "k", t(0));
    Dispatcher dispatcher =
        dispatcher(one -> one.receiver().equals("pager") && !pagerIsThere.get() ? AWAY : hear(one));
    dispatcher.routes(routes(Map.of("pager", fallback("slack")), "mail"));
    dispatcher.run(() -> t(0), ALWAYS);
    dispatcher.run(() -> t(600), ALWAYS);
    return dispatcher;
  }

  @Test
  void what_a_receiver_has_not_taken_until_it_is_too_old_goes_to_the_root() {
    Dispatcher dispatcher = pagerIsAway();
    dispatcher.routes(routes(Map.of(), "slack", "mail"));
    dispatcher.run(() -> t(0), ALWAYS);
    assertThat(sent).containsExactly("1");
    // An hour is as old as something may get here.
    dispatcher.run(() -> t(3_600), ALWAYS);
    assertThat(sent).containsExactlyInAnyOrder("1", "1", "1/for/slack", "1/for/mail");
    assertThat(entry("1").state()).isEqualTo(OutboxEntry.State.DEAD);
    assertThat(entry("1").handedOn()).isTrue();
    assertThat(entry("1/for/slack").notification().note())
        .isEqualTo("new; meant for pager, which did not take it in time: 503");
  }

  @Test
  void what_is_too_old_goes_to_the_fallback_when_there_is_one_and_only_once() {
    Dispatcher dispatcher = pagerIsAway();
    dispatcher.routes(
        routes(Map.of("pager", new Receiver.Fallback("slack", Duration.ofHours(9))), "mail"));
    dispatcher.run(() -> t(0), ALWAYS);
    dispatcher.run(() -> t(3_600), ALWAYS);
    assertThat(sent).containsExactly("1", "1", "1/for/slack");
    assertThat(outbox.retry("1", t(3_601))).isPresent();
    dispatcher.run(() -> t(3_700), ALWAYS);
    assertThat(sent).containsExactly("1", "1", "1/for/slack", "1");
  }

  @Test
  void what_the_fallback_has_had_already_is_not_handed_on_again_when_it_gets_too_old() {
    Dispatcher dispatcher = pagerIsAway();
    dispatcher.routes(routes(Map.of("pager", fallback("slack")), "mail"));
    dispatcher.run(() -> t(0), ALWAYS);
    dispatcher.run(() -> t(600), ALWAYS);
    dispatcher.run(() -> t(3_600), ALWAYS);
    assertThat(sent.stream().filter(id -> !id.equals("1"))).containsExactly("1/for/slack");
    assertThat(entry("1").state()).isEqualTo(OutboxEntry.State.DEAD);
  }

  @Test
  void who_stood_in_hears_the_end_also_when_the_receiver_is_back_by_then() {
    Dispatcher dispatcher = slackStandsIn();
    assertThat(heard).containsExactly("TRIGGERED slack");
    pagerIsThere.set(true);
    dispatcher.run(() -> t(1_200), ALWAYS);
    put("2", NotificationKind.RESOLVED, "pager", "k", t(1_300));
    dispatcher.run(() -> t(1_300), ALWAYS);
    assertThat(heard)
        .containsExactly("TRIGGERED slack", "TRIGGERED pager", "RESOLVED pager", "RESOLVED slack");
    assertThat(entry("2/for/slack").notification().note())
        .isEqualTo("new; meant for pager, which could not be told before");
  }

  @Test
  void who_stood_in_once_hears_no_end_of_a_later_episode_that_the_receiver_heard_itself() {
    Dispatcher dispatcher = slackStandsIn();
    pagerIsThere.set(true);
    put("2", NotificationKind.RESOLVED, "pager", "k", t(1_200));
    dispatcher.run(() -> t(1_200), ALWAYS);
    assertThat(heard).contains("RESOLVED slack");
    heard.clear();
    put("3", "pager", "k", t(1_300));
    put("4", NotificationKind.RESOLVED, "pager", "k", t(1_400));
    dispatcher.run(() -> t(1_400), ALWAYS);
    assertThat(heard).containsExactly("TRIGGERED pager", "RESOLVED pager");
  }

  @Test
  void an_end_of_something_else_is_not_told_to_who_stood_in() {
    Dispatcher dispatcher = slackStandsIn();
    pagerIsThere.set(true);
    put("2", NotificationKind.RESOLVED, "pager", "other", t(1_200));
    put("3", NotificationKind.RESOLVED, "mail", "k", t(1_200));
    dispatcher.run(() -> t(1_200), ALWAYS);
    assertThat(heard).doesNotContain("RESOLVED slack");
  }

  @Test
  void all_of_a_chain_hear_the_end_once() {
    put("1", "pager", "k", t(0));
    Dispatcher dispatcher =
        dispatcher(one -> !pagerIsThere.get() && !one.receiver().equals("mail") ? AWAY : hear(one));
    dispatcher.routes(
        routes(Map.of("pager", fallback("slack"), "slack", fallback("mail")), "pager"));
    dispatcher.run(() -> t(0), ALWAYS);
    dispatcher.run(() -> t(600), ALWAYS);
    dispatcher.run(() -> t(1_200), ALWAYS);
    assertThat(heard).containsExactly("TRIGGERED mail");
    pagerIsThere.set(true);
    put("2", NotificationKind.RESOLVED, "pager", "k", t(1_800));
    dispatcher.run(() -> t(1_800), ALWAYS);
    assertThat(heard)
        .containsExactlyInAnyOrder(
            "TRIGGERED mail",
            "TRIGGERED slack",
            "TRIGGERED pager",
            "RESOLVED pager",
            "RESOLVED slack",
            "RESOLVED mail");
  }

  @Test
  void who_was_told_in_place_of_a_receiver_that_refused_hears_the_end_when_it_takes_that() {
    put("1", "pager", "k", t(0));
    AtomicBoolean keyIsRight = new AtomicBoolean();
    Dispatcher dispatcher =
        dispatcher(
            one ->
                one.receiver().equals("pager") && !keyIsRight.get()
                    ? new Delivery.Rejected("401: no such key")
                    : new Delivery.Delivered());
    dispatcher.routes(routes(Map.of(), "slack"));
    dispatcher.run(() -> t(0), ALWAYS);
    keyIsRight.set(true);
    put("2", NotificationKind.RESOLVED, "pager", "k", t(60));
    dispatcher.run(() -> t(60), ALWAYS);
    assertThat(sent).containsExactly("1", "1/for/slack", "2", "2/for/slack");
  }

  @Test
  void who_was_told_the_beginning_is_told_the_end_although_another_would_stand_in_now() {
    put("1", "pager", "k", t(0));
    Dispatcher dispatcher = refusedBy("pager");
    dispatcher.routes(routes(Map.of(), "slack"));
    dispatcher.run(() -> t(0), ALWAYS);
    dispatcher.routes(routes(Map.of("pager", fallback("mail")), "mail"));
    put("2", NotificationKind.RESOLVED, "pager", "k", t(60));
    dispatcher.run(() -> t(60), ALWAYS);
    assertThat(sent).containsExactly("1", "1/for/slack", "2", "2/for/slack");
  }
}
