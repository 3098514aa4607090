package dev.tidemark.alerting.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import dev.tidemark.alerting.notify.FakeEndpoint.Reply;
import dev.tidemark.alerting.notify.FakeEndpoint.Request;
import dev.tidemark.alerting.route.Receiver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Behaves as a vendor's API does and holds every request against the vendor's published schema,
 * written down with its source in {@code src/test/resources/vendors}. What does not fit is kept in
 * {@link #complaints} and answered 400, as the vendor would.
 */
abstract class FakeVendor {
  /** Never to be seen in a reason, a log or a preview. 32 characters, as PagerDuty wants. */
  static final String SECRET = "s3cret0s3cret1s3cret2s3cret3s3cr";

  static final ObjectMapper JSON = new ObjectMapper();

  private static final Map<String, JsonSchema> SCHEMAS = new ConcurrentHashMap<>();

  final List<String> complaints = Collections.synchronizedList(new ArrayList<>());
  private final String name;
  private final String schemaName;

  FakeVendor(String name, String schemaName) {
    this.name = name;
    this.schemaName = schemaName;
  }

  /** The receiver that talks to it. */
  abstract Receiver.Channel channel(String root, Duration timeout);

  /** Answers one request, good or bad. */
  abstract Reply reply(Request request);

  /** Whether a 2xx is not enough, because the receiver needs what the answer says. */
  boolean isAsked() {
    return false;
  }

  /** How the incident stands there, in one word; empty when the vendor keeps nothing. */
  String stands() {
    return "";
  }

  Reply checked(Request request, String definition, Reply good) {
    List<String> wrong =
        schema(schemaName, definition).validate(request.json()).stream()
            .map(message -> name + " " + request.method() + " " + request.path() + ": " + message)
            .toList();
    complaints.addAll(wrong);
    return wrong.isEmpty() ? good : Reply.json(400, JSON.valueToTree(wrong).toString());
  }

  Reply refuse(Request request, String reason) {
    complaints.add(name + " " + request.method() + " " + request.path() + ": " + reason);
    return Reply.json(404, "{\"message\":\"" + reason + "\"}");
  }

  /** Complains unless the header is as the vendor documents it. */
  void header(Request request, String lowerCaseName, String value) {
    if (!request.header(lowerCaseName).equals(value)) {
      complaints.add(name + ": " + lowerCaseName + " is '" + request.header(lowerCaseName) + "'");
    }
  }

  static Map<String, String> query(Request request) {
    Map<String, String> query = new HashMap<>();
    String raw = URI.create(request.path()).getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  static String path(Request request) {
    return URI.create(request.path()).getRawPath();
  }

  static JsonSchema schema(String file, String definition) {
    return SCHEMAS.computeIfAbsent(file + "#" + definition, name -> read(file, definition));
  }

  private static JsonSchema read(String file, String definition) {
    try (InputStream in = FakeVendor.class.getResourceAsStream("/vendors/" + file + ".json")) {
      ObjectNode tree = (ObjectNode) JSON.readTree(Objects.requireNonNull(in));
      JsonNode defined = tree.path("$defs").path(definition);
      assert defined.isObject() : definition;
      tree.put("$ref", "#/$defs/" + definition);
      return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(tree, SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
