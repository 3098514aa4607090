package dev.tidemark.engine.api;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Server-sent events for live pages: an {@code update} says that something changed, the page then
 * asks for itself again. A reader that does not keep up is skipped, never queued for. Thread-safe.
 *
 * <p>Source: WHATWG HTML, "Server-sent events".
 */
public final class EventStream implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
  private static final int AT_MOST = 1_000;

  private final Set<HttpServerResponse> readers = ConcurrentHashMap.newKeySet();

  /** Opens a stream to one reader, or answers 503 when there are too many. */
  public void open(RoutingContext context) {
    if (readers.size() >= AT_MOST) {
      context.response().setStatusCode(503).putHeader("Retry-After", "30");
      context
          .end("{\"error\":\"too many live pages are open\"}")
          .onFailure(gone -> LOG.debug("reader went away", gone));
      return;
    }
    HttpServerResponse response = context.response();
    response
        .setChunked(true)
        .putHeader("Content-Type", "text/event-stream")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Accel-Buffering", "no");
    readers.add(response);
    response.closeHandler(closed -> readers.remove(response));
    response.exceptionHandler(broken -> readers.remove(response));
    response.write("retry: 2000\n\n").onFailure(gone -> readers.remove(response));
  }

  /**
   * Tells every reader.
   *
   * @param event a name, such as {@code update} or {@code incident}
   * @param data one line of JSON
   */
  public void publish(String event, String data) {
    String message = "event: " + event + "\ndata: " + data + "\n\n";
    readers.removeIf(reader -> reader.ended() || reader.closed());
    for (HttpServerResponse reader : readers) {
      if (!reader.writeQueueFull()) {
        reader.write(message).onFailure(gone -> readers.remove(reader));
      }
    }
  }

  /** Ends every stream, so that pages know that nothing comes any more, and try again. */
  @Override
  public void close() {
    for (HttpServerResponse reader : readers) {
      reader.end().onFailure(gone -> LOG.debug("reader went away", gone));
    }
    readers.clear();
  }

  /** Returns how many pages are listening. */
  public int size() {
    return readers.size();
  }
}
