package dev.tidemark.engine.web;

import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.dashboards.view.ErrorView;
import dev.tidemark.dashboards.view.Frame;
import dev.tidemark.dashboards.view.Link;
import dev.tidemark.engine.api.EngineState;
import dev.tidemark.engine.condition.Judge;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What all pages share: rendering on a worker thread, headers, pages for what is missing or wrong,
 * and forms that lead back to a page. Thread-safe.
 */
final class Pages {
  private final Vertx vertx;
  private final EngineState state;
  private final PageRenderer renderer;

  Pages(Vertx vertx, EngineState state, PageRenderer renderer) {
    this.vertx = vertx;
    this.state = state;
    this.renderer = renderer;
  }

  /** Makes the HTML of a page. */
  interface Page {
    String render(Frame frame);
  }

  /** Answers with a page. */
  void show(RoutingContext context, Page page) {
    vertx
        .executeBlocking(() -> render(context, page), false)
        .onSuccess(html -> answer(context, html))
        .onFailure(context::fail);
  }

  /**
   * Does what a form asks for and leads to the page whose path that returns. What is wrong with the
   * form is said on a page with a way back.
   *
   * @param back path of the page that has the form
   */
  void submit(RoutingContext context, String back, Callable<String> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(path -> context.response().setStatusCode(303).putHeader("Location", path).end())
        .onFailure(failure -> refuse(context, back, failure));
  }

  private void refuse(RoutingContext context, String back, Throwable failure) {
    int status = status(failure);
    if (status == 0) {
      context.fail(failure);
      return;
    }
    show(
        context,
        frame -> {
          context.response().setStatusCode(status);
          return notDone(frame, failure, back);
        });
  }

  /** Says what is wrong with a form, with a way back to it. */
  String notDone(Frame frame, Throwable failure, String back) {
    String reason =
        failure instanceof HttpException http ? http.getPayload() : failure.getMessage();
    return renderer.error(
        still(frame),
        new ErrorView(
            status(failure),
            "This was not done",
            sentence(String.valueOf(reason)),
            "Go back, mend it, and send it again.",
            new Link("Back", back)));
  }

  private static int status(Throwable failure) {
    if (failure instanceof HttpException http) {
      return http.getStatusCode();
    }
    if (failure instanceof NoSuchElementException) {
      return 404;
    }
    return failure instanceof IllegalArgumentException ? 400 : 0;
  }

  private static String sentence(String reason) {
    return reason.isEmpty()
        ? reason
        : Character.toUpperCase(reason.charAt(0))
            + reason.substring(1)
            + (reason.endsWith(".") ? "" : ".");
  }

  /** Answers with a document whose headers the work has set; 404 when there is nothing. */
  void download(RoutingContext context, Callable<String> work) {
    vertx
        .executeBlocking(work, false)
        .onSuccess(
            text ->
                context
                    .response()
                    .putHeader("X-Content-Type-Options", "nosniff")
                    .putHeader("Cache-Control", "no-store")
                    .end(text))
        .onFailure(
            failure ->
                context.fail(
                    failure instanceof MissingPageException missing
                        ? new NoSuchElementException(missing.getMessage())
                        : failure));
  }

  /**
   * A page that answers a form must not fetch itself again: that would be another request. Nor may
   * one that says what is missing, which would report its own status as a failure of the server.
   */
  static Frame still(Frame frame) {
    return new Frame(frame.now(), frame.notice(), frame.user(), frame.openIncidents(), false);
  }

  /** Answers with HTML that is ready. */
  static void answer(RoutingContext context, String html) {
    context
        .response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Content-Security-Policy", "default-src 'self'")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("Referrer-Policy", "same-origin")
        .putHeader("Cache-Control", "no-store")
        .end(html);
  }

  private String render(RoutingContext context, Page page) {
    Frame frame =
        new Frame(
            state.clock().instant(),
            state.notice().isEmpty() ? null : state.notice(),
            context.get("tidemark.person"),
            state.alerting().openIncidents().size(),
            !context.normalizedPath().equals("/signin"));
    try {
      return page.render(frame);
    } catch (MissingPageException e) {
      context.response().setStatusCode(404);
      return renderer.error(
          still(frame),
          new ErrorView(
              404,
              "Not found",
              String.valueOf(e.getMessage()),
              "The list has every name.",
              new Link(e.list(), e.list())));
    }
  }

  /** Asks the judge and waits, at most ten seconds. */
  <T> T ask(Function<Judge, T> question) {
    try {
      return state
          .judge()
          .ask(question)
          .toCompletableFuture()
          .orTimeout(10, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MissingPageException missing) {
        throw missing;
      }
      throw e;
    }
  }

  /** Returns who asks, for timelines and the audit trail. */
  static String actor(RoutingContext context) {
    return String.valueOf(context.<Object>get("tidemark.actor"));
  }

  /**
   * Reads the duration that a form's choice sends.
   *
   * @throws HttpException with status 400 when it is none
   */
  static Duration length(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException e) {
      throw new HttpException(400, "'" + text + "' is not a duration such as PT2H", e);
    }
  }

  /** Returns a field of a form without spaces around it, empty when it is not there. */
  static String field(RoutingContext context, String name) {
    @Nullable String value = context.request().getFormAttribute(name);
    return value == null ? "" : value.strip();
  }
}
