package dev.tidemark.engine.ingest.openlineage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.tidemark.engine.model.LineageEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Reads OpenLineage events as real senders write them: what is missing or odd is remarked, not
 * refused. Only an event without a job or dataset, or without a readable eventTime, is unusable.
 * Thread-safe.
 */
public final class LineageReader {
  /** The remark on a list of events that came to the door for single ones. */
  public static final String LIST_OF_EVENTS = "a list of events came to the door for single ones";

  private static final int LONGEST_NAME = 4_096;
  private static final int LONGEST_TEXT = 128 * 1024 * 1024;
  private static final Set<String> TYPES =
      Set.of("START", "RUNNING", "COMPLETE", "FAIL", "ABORT", "OTHER");
  private static final Pattern UUID =
      Pattern.compile(
          "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

  private final JsonMapper mapper;
  private final InstantSource clock;

  /** Creates a reader; the clock tells which event times lie ahead. */
  public LineageReader(InstantSource clock) {
    this.clock = clock;
    this.mapper =
        JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    mapper
        .getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxStringLength(LONGEST_TEXT).build());
  }

  /**
   * Parses JSON.
   *
   * @throws UnusableEventException when it is none
   */
  public JsonNode parse(byte[] json) throws UnusableEventException {
    try {
      JsonNode node = mapper.readTree(json);
      if (node.isMissingNode()) {
        throw new UnusableEventException("the body is empty; send an OpenLineage event in JSON");
      }
      return node;
    } catch (MismatchedInputException e) {
      throw new UnusableEventException(
          "there is more after the first event; send a list to send many");
    } catch (JsonProcessingException e) {
      throw new UnusableEventException(
          "the body is no JSON: "
              + e.getOriginalMessage()
              + (e.getLocation() == null
                  ? ""
                  : " at line "
                      + e.getLocation().getLineNr()
                      + ", column "
                      + e.getLocation().getColumnNr()));
    } catch (IOException e) {
      throw new UnusableEventException("the body cannot be read: " + e.getMessage());
    }
  }

  /**
   * Reads a stored event again.
   *
   * @throws UnusableEventException when it is not one that was taken before
   */
  public LineageFacts read(LineageEvent stored) throws UnusableEventException {
    return read(parse(stored.json().getBytes(StandardCharsets.UTF_8)), List.of());
  }

  /**
   * Reads one event.
   *
   * @param remarked what is known to be odd already
   * @throws UnusableEventException when it has no job or dataset, or no eventTime
   */
  public LineageFacts read(JsonNode event, List<String> remarked) throws UnusableEventException {
    if (!event.isObject()) {
      throw new UnusableEventException("an OpenLineage event is a JSON object");
    }
    List<String> remarks = new ArrayList<>(remarked);
    long time = eventTime(event, remarks);
    remarkIfEmpty(event, "schemaURL", Remarks.NO_SCHEMA_URL, remarks);
    remarkIfEmpty(event, "producer", Remarks.NO_PRODUCER, remarks);
    Datasets inputs = new Datasets(remarks);
    Datasets outputs = new Datasets(remarks);
    boolean isDatasetEvent = event.path("dataset").isObject() && !event.path("job").isObject();
    String kind = "DATASET";
    String type = "";
    String runId = "";
    String jobName = "";
    String jobNamespace = "";
    if (isDatasetEvent) {
      outputs.add(event.path("dataset"));
      if (outputs.names.isEmpty()) {
        throw new UnusableEventException("dataset.name is missing");
      }
    } else {
      JsonNode job = event.path("job");
      jobName = text(job, "name");
      if (jobName.isEmpty()) {
        throw new UnusableEventException("job.name is missing; a dataset event has a 'dataset'");
      }
      if (jobName.length() > LONGEST_NAME) {
        throw new UnusableEventException("job.name is longer than " + LONGEST_NAME + " characters");
      }
      jobNamespace = namespace(job, remarks);
      boolean isRun = event.path("run").isObject() || !text(event, "eventType").isEmpty();
      kind = isRun ? "RUN" : "JOB";
      if (isRun) {
        type = eventType(event, remarks);
        runId = runId(event, remarks);
      }
      inputs.addAll(event.path("inputs"));
      outputs.addAll(event.path("outputs"));
      remarkDeleted(event.path("run").path("facets"), remarks);
      remarkDeleted(job.path("facets"), remarks);
    }
    LineageEvent read =
        new LineageEvent(
            kind,
            type,
            time,
            runId,
            isDatasetEvent ? "" : jobNamespace + "/" + jobName,
            text(event.path("run").path("facets").path("parent").path("run"), "runId"),
            List.copyOf(inputs.names),
            List.copyOf(outputs.names),
            List.copyOf(new LinkedHashSet<>(remarks)),
            event.toString());
    Map<String, List<String>> aliases = new LinkedHashMap<>(inputs.aliases);
    aliases.putAll(outputs.aliases);
    Map<String, String> partitions = new LinkedHashMap<>(inputs.partitions);
    partitions.putAll(outputs.partitions);
    Set<String> schemas = new LinkedHashSet<>(inputs.schemas);
    schemas.addAll(outputs.schemas);
    return new LineageFacts(
        read,
        jobNamespace,
        jobName,
        isDatasetEvent ? Map.of() : outputs.rows,
        aliases,
        schemas,
        LineageFacts.backfill(event.path("run").path("facets")),
        partitions);
  }

  private long eventTime(JsonNode event, List<String> remarks) throws UnusableEventException {
    String text = text(event, "eventTime");
    if (text.isEmpty()) {
      throw new UnusableEventException("eventTime is missing");
    }
    OptionalLong time = EventTime.parse(text, remarks);
    if (time.isEmpty()) {
      throw new UnusableEventException(
          "eventTime '"
              + text.substring(0, Math.min(60, text.length()))
              + "' is no time; write 2026-01-31T12:00:00Z");
    }
    long latest = TimeUnit.MILLISECONDS.toNanos(clock.millis()) + Duration.ofDays(1).toNanos();
    if (time.getAsLong() > latest) {
      remarks.add(Remarks.TIME_AHEAD);
    }
    return time.getAsLong();
  }

  private static String eventType(JsonNode event, List<String> remarks) {
    String type = text(event, "eventType").toUpperCase(Locale.ROOT);
    if (type.isEmpty()) {
      remarks.add(Remarks.NO_EVENT_TYPE);
    } else if (!TYPES.contains(type)) {
      remarks.add(Remarks.ODD_EVENT_TYPE);
      return "OTHER";
    }
    return type;
  }

  private static String runId(JsonNode event, List<String> remarks) {
    String id = text(event.path("run"), "runId");
    if (id.isEmpty()) {
      remarks.add(Remarks.NO_RUN_ID);
    } else if (!UUID.matcher(id).matches()) {
      remarks.add(Remarks.RUN_ID_NOT_UUID);
    }
    return id;
  }

  private static String namespace(JsonNode named, List<String> remarks) {
    String namespace = text(named, "namespace");
    if (namespace.isEmpty()) {
      remarks.add(Remarks.NO_NAMESPACE);
      return "default";
    }
    return namespace;
  }

  private static void remarkIfEmpty(
      JsonNode event, String field, String remark, List<String> remarks) {
    if (text(event, field).isEmpty()) {
      remarks.add(remark);
    }
  }

  private static void remarkDeleted(JsonNode facets, List<String> remarks) {
    for (JsonNode facet : facets) {
      if (facet.path("_deleted").asBoolean(false)) {
        remarks.add(Remarks.DELETED_FACET);
      }
    }
  }

  private static String text(JsonNode parent, String field) {
    JsonNode node = parent.path(field);
    return node.isValueNode() && !node.isNull() ? node.asText().trim() : "";
  }

  /** The datasets of one side of an event. */
  private static final class Datasets {
    private final List<String> remarks;
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<String, Long> rows = new LinkedHashMap<>();
    private final Map<String, List<String>> aliases = new LinkedHashMap<>();
    private final Map<String, String> partitions = new LinkedHashMap<>();
    private final Set<String> schemas = new LinkedHashSet<>();

    Datasets(List<String> remarks) {
      this.remarks = remarks;
    }

    void addAll(JsonNode list) {
      if (list.isArray()) {
        list.forEach(this::add);
      } else if (!list.isMissingNode() && !list.isNull()) {
        remarks.add(Remarks.ODD_DATASETS);
      }
    }

    void add(JsonNode dataset) {
      String sent = text(dataset, "name");
      if (sent.isEmpty()) {
        remarks.add(Remarks.DATASET_WITHOUT_NAME);
        return;
      }
      if (sent.length() > LONGEST_NAME) {
        remarks.add(Remarks.NAME_TOO_LONG);
        return;
      }
      DatasetName normal = DatasetName.of(sent);
      String name = join(namespace(dataset, remarks), normal.name());
      if (!normal.partition().isEmpty()) {
        remarks.add(Remarks.NAME_NORMALISED);
        partitions.put(name, normal.partition());
      }
      names.add(name);
      for (String side : List.of("facets", "inputFacets", "outputFacets")) {
        remarkDeleted(dataset.path(side), remarks);
      }
      JsonNode schema = dataset.path("facets").path("schema");
      if (!schema.path("fields").isEmpty() && !schema.path("_deleted").asBoolean(false)) {
        schemas.add(name);
      }
      LineageFacts.rows(dataset, remarks).ifPresent(count -> rows.merge(name, count, Long::sum));
      List<String> others = new ArrayList<>();
      JsonNode symlinks = dataset.path("facets").path("symlinks");
      if (!symlinks.path("_deleted").asBoolean(false)) {
        for (JsonNode identifier : symlinks.path("identifiers")) {
          String other = text(identifier, "name");
          if (!other.isEmpty()) {
            others.add(join(namespace(identifier, remarks), DatasetName.of(other).name()));
          }
        }
      }
      if (!others.isEmpty()) {
        aliases.put(name, List.copyOf(others));
      }
    }

    private static String join(String namespace, String name) {
      return name.startsWith("/") || namespace.endsWith("/")
          ? namespace + name
          : namespace + "/" + name;
    }
  }
}
