package dev.tidemark.engine.web;

import dev.tidemark.alerting.Incident;
import dev.tidemark.alerting.IncidentState;
import dev.tidemark.dashboards.Formats;
import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.dashboards.view.ErrorView;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.dashboards.view.LinkView;
import dev.tidemark.engine.api.Declarations;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.api.IncidentActions;
import dev.tidemark.engine.links.ActionToken;
import dev.tidemark.engine.links.LinkSigner;
import dev.tidemark.engine.links.RefusedLinkException;
import dev.tidemark.engine.links.RefusedLinks;
import dev.tidemark.engine.planned.PlannedWork;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.HttpException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * {@code /a/TOKEN}: what a link in a message leads to, for whoever holds it, signed in or not. To
 * open it only asks, because mail and chat open links by themselves; its button acts. Thread-safe.
 */
final class LinkPages {
  private static final Duration QUIET = Duration.ofHours(1);
  private static final Duration LONGEST_BACKFILL = Duration.ofDays(1);

  private final EngineState state;
  private final Pages pages;
  private final PageRenderer renderer;
  private final IncidentActions actions;
  private final LinkSigner signer;
  private final RefusedLinks refused;

  LinkPages(
      EngineState state,
      Pages pages,
      PageRenderer renderer,
      IncidentActions actions,
      LinkSigner signer,
      RefusedLinks refused) {
    this.state = state;
    this.pages = pages;
    this.renderer = renderer;
    this.actions = actions;
    this.signer = signer;
    this.refused = refused;
  }

  void mount(Router router) {
    router.get("/a/:token").handler(context -> answer(context, this::asked));
    router
        .post("/a/:token")
        .handler(BodyHandler.create(false).setBodyLimit(16 * 1024))
        .handler(context -> answer(context, (token, incident) -> done(context, token, incident)));
  }

  private interface Answer {
    LinkView of(ActionToken token, Incident incident);
  }

  private void answer(RoutingContext context, Answer answer) {
    pages.show(
        context,
        outer -> {
          Frame frame = unknown(outer);
          try {
            ActionToken token = signer.read(link(context));
            Optional<Incident> incident = state.alerting().find(token.incident());
            return renderer.link(
                frame, incident.isPresent() ? answer.of(token, incident.get()) : untrue(token));
          } catch (HttpException e) {
            context.response().setStatusCode(e.getStatusCode());
            return pages.notDone(frame, e, "/a/" + link(context));
          } catch (RefusedLinkException e) {
            refused.refused(e, link(context), from(context));
            context.response().setStatusCode(403);
            return renderer.error(
                frame,
                new ErrorView(
                    403,
                    "This link does nothing",
                    String.valueOf(e.getMessage()),
                    "Sign in and act on the incident's page, or use the link of a newer message.",
                    new Link("To the incidents", "/incidents")));
          }
        });
  }

  private static String link(RoutingContext context) {
    return context.pathParam("token");
  }

  private static String from(RoutingContext context) {
    return String.valueOf(context.request().remoteAddress().hostAddress());
  }

  /** Whoever holds a link sees what it is for and nothing else of what happens here. */
  private static Frame unknown(Frame frame) {
    return new Frame(frame.now(), frame.notice(), null, 0, false);
  }

  private LinkView asked(ActionToken token, Incident incident) {
    String nothing = nothingToDo(token, incident);
    return new LinkView(
        nothing == null ? question(token.action(), incident.id()) : "Nothing to do",
        incident.title(),
        incident.id(),
        nothing == null ? sentFor(token) : nothing,
        nothing == null ? "/a/" + signer.token(token) : null,
        button(token.action()),
        token.action() == ActionToken.Action.BACKFILL
            ? IncidentViews.names(IncidentActions.datasets(incident, IncidentActions.Reach.FIRING))
            : null,
        Link.incident(incident.id(), "To the incident"));
  }

  private static String question(ActionToken.Action action, String id) {
    return switch (action) {
      case ACKNOWLEDGE -> "Acknowledge " + id + "?";
      case SILENCE -> "Silence " + id + " for 1 h?";
      case BACKFILL -> "Declare a backfill for " + id + "?";
    };
  }

  private static String button(ActionToken.Action action) {
    return switch (action) {
      case ACKNOWLEDGE -> "Acknowledge";
      case SILENCE -> "Silence for 1 h";
      case BACKFILL -> "Declare";
    };
  }

  private static String outcome(ActionToken.Action action) {
    return switch (action) {
      case ACKNOWLEDGE -> "Acknowledged";
      case SILENCE -> "Silenced for 1 h";
      case BACKFILL -> "Declared";
    };
  }

  private @Nullable String nothingToDo(ActionToken token, Incident incident) {
    if (!incident.open()) {
      return "It is over already.";
    }
    return switch (token.action()) {
      case ACKNOWLEDGE ->
          incident.state() == IncidentState.ACKNOWLEDGED
              ? "It was acknowledged by " + incident.acknowledgedBy() + " already."
              : null;
      case SILENCE ->
          state
              .alerting()
              .silences()
              .find(key(token).toString())
              .map(known -> "It was silenced by this link already, until " + known.endsAt() + ".")
              .orElse(null);
      case BACKFILL ->
          state.records().plans().get().declared().stream()
              .filter(work -> work.id().equals(Declarations.id(key(token))))
              .map(
                  work ->
                      work.id()
                          + " was declared by this link already, until "
                          + work.endsAt()
                          + ".")
              .findFirst()
              .orElse(null);
    };
  }

  /** One link is one silence or backfill, however often somebody presses the button. */
  private UUID key(ActionToken token) {
    return UUID.nameUUIDFromBytes(signer.token(token).getBytes(StandardCharsets.UTF_8));
  }

  private static String sentFor(ActionToken token) {
    return "This link was sent to "
        + token.receiver()
        + " and is good until "
        + Formats.second(token.expiresAt())
        + ".";
  }

  private synchronized LinkView done(RoutingContext context, ActionToken token, Incident incident) {
    String nothing = nothingToDo(token, incident);
    if (nothing == null) {
      act(context, token);
    } else {
      refused.used(token, link(context), from(context));
    }
    return new LinkView(
        nothing != null ? "Nothing to do" : outcome(token.action()),
        incident.title(),
        incident.id(),
        nothing != null ? nothing : "It stands in the incident's timeline. You can close this.",
        null,
        "",
        null,
        Link.incident(incident.id(), "To the incident"));
  }

  private void act(RoutingContext context, ActionToken token) {
    String actor = "link sent to " + token.receiver();
    String note = Pages.field(context, "note");
    Object unused =
        switch (token.action()) {
          case ACKNOWLEDGE -> actions.acknowledge(token.incident(), actor, note);
          case SILENCE ->
              actions.silence(
                  token.incident(),
                  key(token).toString(),
                  IncidentActions.Reach.FIRING,
                  QUIET,
                  actor,
                  note.isEmpty() ? "silenced from a message" : note);
          case BACKFILL ->
              actions.declare(
                  token.incident(), Declarations.id(key(token)), backfill(context, actor), actor);
        };
  }

  /** Whoever holds a link chooses neither what it covers nor what becomes of the budget. */
  private Declarations.Request backfill(RoutingContext context, String actor) {
    Duration length = Pages.length(Pages.field(context, "for"));
    if (length.compareTo(LONGEST_BACKFILL) > 0) {
      throw new HttpException(
          400, "a link declares a day at most; sign in and declare more on the incident's page");
    }
    Instant now = state.clock().instant();
    return new Declarations.Request(
        PlannedWork.Kind.BACKFILL,
        List.of(),
        now,
        now.plus(length),
        Declarations.budget("keep"),
        Pages.field(context, "reason"),
        Pages.field(context, "ticket"),
        actor,
        now);
  }

  private static LinkView untrue(ActionToken token) {
    boolean test = token.incident().startsWith("TEST-");
    return new LinkView(
        test ? "This was a test" : "Nothing to do",
        test ? "A test message of the receiver " + token.receiver() : "An incident of long ago",
        token.incident(),
        test
            ? "The link works; in a real message it would lead to the incident."
            : "It is not kept any more.",
        null,
        "",
        null,
        new Link("To the incidents", "/incidents"));
  }
}
