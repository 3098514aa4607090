package dev.tidemark.engine.ingest;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;

/** Who sends, for rates: who signed in when that is known, else the address. */
final class Senders {
  private Senders() {}

  static String of(RoutingContext context) {
    Object actor = context.get(IngestRoutes.SENDER);
    return actor != null ? actor.toString() : of(context.request().connection());
  }

  static String of(HttpConnection connection) {
    SocketAddress remote = connection.remoteAddress();
    String host = remote == null ? null : remote.hostAddress();
    return host == null ? "unknown" : host;
  }
}
