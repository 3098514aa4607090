package dev.tidemark.engine.ingest.otlp;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Attribute values as text: numbers and booleans as OTLP JSON writes them, bytes as base64, lists
 * as {@code [a, b]}, maps as {@code {k=v}}.
 */
final class AttributeText {
  private static final int DEEPEST = 16;

  private AttributeText() {}

  static SortedMap<String, String> map(List<KeyValue> attributes) {
    TreeMap<String, String> texts = new TreeMap<>();
    put(attributes, texts);
    return texts;
  }

  static void put(List<KeyValue> attributes, SortedMap<String, String> texts) {
    for (int i = 0; i < attributes.size(); i++) {
      KeyValue attribute = attributes.get(i);
      texts.put(attribute.getKey(), text(attribute.getValue()));
    }
  }

  static String text(AnyValue value) {
    if (value.hasStringValue()) {
      return value.getStringValue();
    }
    StringBuilder text = new StringBuilder();
    append(value, text, 0);
    return text.toString();
  }

  private static void append(AnyValue value, StringBuilder text, int depth) {
    if (depth > DEEPEST) {
      text.append('…');
      return;
    }
    switch (value.getValueCase()) {
      case STRING_VALUE -> text.append(value.getStringValue());
      case BOOL_VALUE -> text.append(value.getBoolValue());
      case INT_VALUE -> text.append(value.getIntValue());
      case DOUBLE_VALUE -> text.append(value.getDoubleValue());
      case BYTES_VALUE ->
          text.append(Base64.getEncoder().encodeToString(value.getBytesValue().toByteArray()));
      case ARRAY_VALUE -> {
        String separator = "[";
        for (AnyValue element : value.getArrayValue().getValuesList()) {
          append(element, text.append(separator), depth + 1);
          separator = ", ";
        }
        text.append(value.getArrayValue().getValuesCount() == 0 ? "[]" : "]");
      }
      case KVLIST_VALUE -> {
        String separator = "{";
        for (KeyValue entry : value.getKvlistValue().getValuesList()) {
          append(
              entry.getValue(),
              text.append(separator).append(entry.getKey()).append('='),
              depth + 1);
          separator = ", ";
        }
        text.append(value.getKvlistValue().getValuesCount() == 0 ? "{}" : "}");
      }
      default -> {
        // an empty value is an empty text
      }
    }
  }

  static String hex(ByteString id) {
    return id.isEmpty() ? "" : HexFormat.of().formatHex(id.toByteArray());
  }
}
