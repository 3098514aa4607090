package dev.tidemark.engine.ingest;

import io.vertx.grpc.common.GrpcStatus;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A whole request is not taken, and the sender learns why. Has no stack trace. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  /** Why, with what each protocol says then. */
  enum Kind {
    MALFORMED(400, GrpcStatus.INVALID_ARGUMENT),
    METHOD(405, GrpcStatus.UNIMPLEMENTED),
    TOO_LARGE(413, GrpcStatus.INVALID_ARGUMENT),
    MEDIA_TYPE(415, GrpcStatus.INVALID_ARGUMENT),
    RATE(429, GrpcStatus.RESOURCE_EXHAUSTED),
    OVERLOAD(429, GrpcStatus.RESOURCE_EXHAUSTED),
    STORE(503, GrpcStatus.UNAVAILABLE);

    final int http;
    final GrpcStatus grpc;

    Kind(int http, GrpcStatus grpc) {
      this.http = http;
      this.grpc = grpc;
    }
  }

  private final Kind kind;
  private final @Nullable Duration retryAfter;

  Refusal(Kind kind, String message, @Nullable Duration retryAfter) {
    super(message, null, false, false);
    this.kind = kind;
    this.retryAfter = retryAfter;
  }

  Refusal(Kind kind, String message) {
    this(kind, message, null);
  }

  Kind kind() {
    return kind;
  }

  String reason() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** Returns the value of Retry-After: whole seconds, at least 1. */
  static String seconds(Duration retryAfter) {
    return Long.toString(Math.max(1, (retryAfter.toMillis() + 999) / 1000));
  }
}
