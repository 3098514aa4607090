package dev.tidemark.agent;

import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import io.opentelemetry.sdk.common.export.MessageWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Takes the exporter's serialised requests and puts them into the spool. Thread-safe. */
final class SpoolSender implements HttpSender {
  private final Spool spool;
  private final String kind;
  private final Guard guard;

  private SpoolSender(Spool spool, String kind, Guard guard) {
    this.spool = spool;
    this.guard = guard;
    this.kind = kind;
  }

  /** Returns a loader through which an OTLP exporter finds this sender. */
  static ComponentLoader loader(Spool spool, String kind, Guard guard) {
    HttpSenderProvider provider = config -> new SpoolSender(spool, kind, guard);
    return new ComponentLoader() {
      @Override
      public <T> Iterable<T> load(Class<T> type) {
        return type == HttpSenderProvider.class ? List.of(type.cast(provider)) : List.of();
      }
    };
  }

  @Override
  public void send(
      MessageWriter message, Consumer<HttpResponse> onResponse, Consumer<Throwable> onError) {
    try {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      message.writeMessage(body);
      spool.add(kind, body.toByteArray());
      onResponse.accept(new Taken());
    } catch (IOException e) {
      spool.countDropped();
      guard.trouble("the agent's buffer cannot be written (" + e + "); signals are lost");
      onError.accept(e);
    }
  }

  @Override
  public CompletableResultCode shutdown() {
    return CompletableResultCode.ofSuccess();
  }

  /** Says to the exporter that its request is safe. */
  private static final class Taken implements HttpResponse {
    @Override
    public int getStatusCode() {
      return 200;
    }

    @Override
    public String getStatusMessage() {
      return "OK";
    }

    @Override
    public byte[] getResponseBody() {
      return new byte[0];
    }
  }
}
