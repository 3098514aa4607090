package dev.tidemark.alerting;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/**
 * Documents of this module as JSON: {@link Incident}, {@link OutboxEntry}, {@link Silence}, {@link
 * Alert}. Times are ISO-8601, words such as states are in lower case, absent values are left out,
 * unknown fields are ignored so that an older version can read what a newer one wrote. Thread-safe.
 */
public final class AlertingJson {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new SimpleModule().addSerializer(Enum.class, new LowerCase()))
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .build();

  private AlertingJson() {}

  @SuppressWarnings("rawtypes") // Jackson registers serializers by raw class
  private static final class LowerCase extends StdSerializer<Enum> {
    private static final long serialVersionUID = 1L;

    LowerCase() {
      super(Enum.class);
    }

    @Override
    public void serialize(Enum value, JsonGenerator generator, SerializerProvider provider)
        throws IOException {
      generator.writeString(value.name().toLowerCase(Locale.ROOT));
    }
  }

  /** Returns the document as JSON on one line. */
  public static String write(Object document) {
    try {
      return MAPPER.writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "cannot write a " + document.getClass().getSimpleName() + " as JSON", e);
    }
  }

  /** Returns the document as JSON on several lines, for people. */
  public static String pretty(Object document) {
    try {
      return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(document);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "cannot write a " + document.getClass().getSimpleName() + " as JSON", e);
    }
  }

  /**
   * Reads a document.
   *
   * @throws IllegalArgumentException when the text is no such document
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return MAPPER.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "this is no " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads a list of documents; a document alone is a list of one.
   *
   * @throws IllegalArgumentException when the text is no such list
   */
  public static <T> List<T> readAll(String json, Class<T> type) {
    try {
      return MAPPER
          .readerForListOf(type)
          .with(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          .readValue(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "this is no list of " + type.getSimpleName() + ": " + e.getOriginalMessage(), e);
    }
  }
}
