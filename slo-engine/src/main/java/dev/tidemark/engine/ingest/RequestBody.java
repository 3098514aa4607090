package dev.tidemark.engine.ingest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads bodies without ever holding more than their limit. */
final class RequestBody {
  private static final Logger LOG = LoggerFactory.getLogger(RequestBody.class);

  /** After a refusal this much more is read and thrown away, so that the answer gets through. */
  private static final int DRAIN_FACTOR = 4;

  private RequestBody() {}

  /** Reads a whole body; fails with a {@link Refusal} beyond the limit. */
  static Future<Buffer> read(RoutingContext context, int limit) {
    Buffer there = context.body() == null ? null : context.body().buffer();
    if (there != null) {
      return there.length() > limit ? Future.failedFuture(tooLarge(limit)) : ok(there);
    }
    HttpServerRequest request = context.request();
    if (request.isEnded()) {
      return ok(Buffer.buffer());
    }
    if (announced(request) > limit) {
      return Future.failedFuture(tooLarge(limit));
    }
    welcome(request);
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    long[] seen = {0};
    request.handler(
        chunk -> {
          seen[0] += chunk.length();
          if (seen[0] <= limit) {
            body.appendBuffer(chunk);
          } else if (seen[0] > (long) limit * DRAIN_FACTOR) {
            request.connection().close();
          } else {
            promise.tryFail(tooLarge(limit));
          }
        });
    request.exceptionHandler(promise::tryFail);
    request.endHandler(end -> promise.tryComplete(body));
    request.resume();
    return promise.future();
  }

  /** Reads a whole body, keeps the first bytes and throws the rest away. */
  static Future<Buffer> readBeginning(RoutingContext context, int limit) {
    Buffer there = context.body() == null ? null : context.body().buffer();
    if (there != null) {
      return ok(there.slice(0, Math.min(limit, there.length())));
    }
    HttpServerRequest request = context.request();
    if (request.isEnded()) {
      return ok(Buffer.buffer());
    }
    welcome(request);
    Promise<Buffer> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          int room = limit - body.length();
          if (room > 0) {
            body.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
          }
        });
    request.exceptionHandler(promise::tryFail);
    request.endHandler(end -> promise.tryComplete(body));
    request.resume();
    return promise.future();
  }

  /** Returns what Content-Length says, or -1. */
  private static long announced(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? -1 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Clients such as curl wait for this before they send a large body. */
  private static void welcome(HttpServerRequest request) {
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request
          .response()
          .writeContinue()
          .onFailure(gone -> LOG.debug("the client went away before its body", gone));
    }
  }

  private static Future<Buffer> ok(Buffer buffer) {
    return Future.succeededFuture(buffer);
  }

  private static Refusal tooLarge(int limit) {
    return new Refusal(
        Refusal.Kind.TOO_LARGE,
        "the body is larger than " + limit + " bytes; send smaller batches");
  }

  /** Returns whether the encoding is gzip; refuses what is neither gzip nor plain. */
  static boolean isGzip(@Nullable String encoding) throws Refusal {
    if (encoding == null || encoding.isBlank() || encoding.trim().equalsIgnoreCase("identity")) {
      return false;
    }
    String trimmed = encoding.trim().toLowerCase(Locale.ROOT);
    if (trimmed.equals("gzip") || trimmed.equals("x-gzip")) {
      return true;
    }
    throw new Refusal(
        Refusal.Kind.MEDIA_TYPE,
        "Content-Encoding '" + trimmed + "' is not read; send gzip or none");
  }

  /** Returns how large a body of this size probably is once decompressed. */
  static int expected(int sent, boolean gzip) {
    return gzip ? (int) Math.min(Integer.MAX_VALUE, sent * 8L) : sent;
  }

  /** Undoes gzip, up to the limit. */
  static byte[] gunzip(byte[] body, int limit) throws Refusal {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body), 8192)) {
      ByteArrayOutputStream out =
          new ByteArrayOutputStream((int) Math.min(limit, Math.max(1024, body.length * 4L)));
      byte[] chunk = new byte[16 * 1024];
      for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
        if (out.size() + (long) read > limit) {
          throw new Refusal(
              Refusal.Kind.TOO_LARGE,
              "the body is larger than "
                  + limit
                  + " bytes once decompressed; send smaller batches");
        }
        out.write(chunk, 0, read);
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new Refusal(Refusal.Kind.MALFORMED, "the body is no gzip: " + e.getMessage());
    }
  }
}
