package dev.tidemark.engine.ingest;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Duration;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * {@code google.rpc.Status}, the body of OTLP's refusals: code = 1, message = 2, details = 3, with
 * a {@code google.rpc.RetryInfo} (retry_delay = 1) where there is a time to come back. Written with
 * protobuf's own writer, since the generated class is in none of our libraries.
 */
final class RpcStatus {
  private RpcStatus() {}

  static byte[] protobuf(int code, String message, java.time.@Nullable Duration retryAfter) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytes);
      out.writeInt32(1, code);
      out.writeString(2, message);
      if (retryAfter != null) {
        out.writeMessage(3, retryInfo(retryAfter));
      }
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  private static Any retryInfo(java.time.Duration retryAfter) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(16);
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.writeMessage(
        1,
        Duration.newBuilder()
            .setSeconds(retryAfter.getSeconds())
            .setNanos(retryAfter.getNano())
            .build());
    out.flush();
    return Any.newBuilder()
        .setTypeUrl("type.googleapis.com/google.rpc.RetryInfo")
        .setValue(ByteString.copyFrom(bytes.toByteArray()))
        .build();
  }

  static String json(int code, String message) {
    return new JsonObject().put("code", code).put("message", message).encode();
  }
}
