package dev.tidemark.engine.alertmanager;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.alerting.Alert;
import dev.tidemark.alerting.Silence;
import dev.tidemark.alerting.route.Matcher;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Alerts and silences in the words of Alertmanager's OpenAPI description, version 2. */
final class AlertmanagerJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What fires is said again with every tick; this is how long it holds without. */
  private static final Duration HOLDS = Duration.ofMinutes(5);

  private AlertmanagerJson() {}

  /** Writes something to a generator. */
  interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  static byte[] bytes(Writing writing) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 16);
    try (JsonGenerator json = JSON.getFactory().createGenerator(bytes)) {
      writing.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Writes a {@code gettableAlert}. */
  static void alert(JsonGenerator json, ListedAlert listed) throws IOException {
    Alert alert = listed.alert();
    json.writeStartObject();
    json.writeStringField("fingerprint", listed.fingerprint());
    map(json, "labels", listed.labels());
    map(json, "annotations", alert.annotations());
    json.writeStringField("generatorURL", listed.generatorUrl());
    json.writeStringField("startsAt", alert.startsAt().toString());
    json.writeStringField("updatedAt", alert.updatedAt().toString());
    json.writeStringField("endsAt", listed.endsAt(HOLDS).toString());
    json.writeArrayFieldStart("receivers");
    for (String receiver : listed.receivers()) {
      json.writeStartObject();
      json.writeStringField("name", receiver);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("status");
    json.writeStringField("state", listed.suppressed() ? "suppressed" : "active");
    array(json, "silencedBy", listed.silencedBy());
    array(json, "inhibitedBy", listed.inhibitedBy());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void map(JsonGenerator json, String name, Map<String, String> values)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, String> entry : values.entrySet()) {
      json.writeStringField(entry.getKey(), entry.getValue());
    }
    json.writeEndObject();
  }

  private static void array(JsonGenerator json, String name, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  /** Writes a {@code gettableSilence}. */
  static void silence(JsonGenerator json, Silence silence, Instant now) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", silence.id());
    json.writeObjectFieldStart("status");
    json.writeStringField("state", state(silence, now));
    json.writeEndObject();
    json.writeStringField("createdBy", silence.author());
    json.writeStringField("comment", silence.reason());
    json.writeStringField("startsAt", silence.startsAt().toString());
    json.writeStringField("endsAt", silence.endsAt().toString());
    json.writeStringField("updatedAt", silence.startsAt().toString());
    json.writeArrayFieldStart("matchers");
    for (Matcher matcher : silence.matchers()) {
      json.writeStartObject();
      json.writeStringField("name", matcher.label());
      json.writeStringField("value", matcher.value());
      json.writeBooleanField("isRegex", matcher.operator().endsWith("~"));
      json.writeBooleanField("isEqual", !matcher.operator().startsWith("!"));
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  static String state(Silence silence, Instant now) {
    if (silence.active(now)) {
      return "active";
    }
    return now.isBefore(silence.startsAt()) ? "pending" : "expired";
  }
}
