package dev.tidemark.engine.ingest.otlp;

import dev.tidemark.engine.ingest.IngestLimits;
import io.opentelemetry.proto.common.v1.KeyValue;
import java.util.List;

/** Too many attributes, or a too long one. Has no stack trace: it says nothing here. */
final class AttributeLimitException extends Exception {
  private static final long serialVersionUID = 1L;

  private AttributeLimitException(String message) {
    super(message, null, false, false);
  }

  static void check(List<KeyValue> attributes, IngestLimits limits) throws AttributeLimitException {
    if (attributes.size() > limits.attributes()) {
      throw new AttributeLimitException(
          attributes.size() + " attributes, at most " + limits.attributes() + " are taken");
    }
    for (int i = 0; i < attributes.size(); i++) {
      KeyValue attribute = attributes.get(i);
      int length =
          attribute.getValue().hasStringValue()
              ? attribute.getValue().getStringValue().length()
              : attribute.getValue().getSerializedSize();
      if (attribute.getKey().length() > limits.attributeBytes()
          || length > limits.attributeBytes()) {
        String key = attribute.getKey();
        throw new AttributeLimitException(
            "attribute '"
                + key.substring(0, Math.min(80, key.length()))
                + "' is longer than "
                + limits.attributeBytes());
      }
    }
  }
}
