package dev.tidemark.engine.ingest.openlineage;

/**
 * What is odd about an event and was read leniently. Few and fixed, so that they can be counted.
 */
final class Remarks {
  static final String TIME_WITHOUT_ZONE = "eventTime has no zone: read as UTC";
  static final String TIME_WITH_OFFSET_AND_Z = "eventTime has an offset and Z: the offset counts";
  static final String TIME_AHEAD = "eventTime is more than a day ahead: kept, not judged";
  static final String NO_SCHEMA_URL = "schemaURL is missing";
  static final String NO_PRODUCER = "producer is missing";
  static final String NO_EVENT_TYPE = "eventType is missing";
  static final String ODD_EVENT_TYPE = "eventType is unknown: read as OTHER";
  static final String NO_RUN_ID = "run.runId is missing";
  static final String RUN_ID_NOT_UUID = "run.runId is no UUID";
  static final String NO_NAMESPACE = "a namespace is missing: read as default";
  static final String ODD_DATASETS = "inputs or outputs is no list: passed over";
  static final String DATASET_WITHOUT_NAME = "a dataset has no name: passed over";
  static final String NAME_TOO_LONG = "a dataset name has over 4,096 characters: passed over";
  static final String DELETED_FACET = "a facet is marked _deleted";
  static final String NAME_NORMALISED = "a dataset name had a date or partition: trimmed";
  static final String ODD_ROW_COUNT = "a rowCount is no count: passed over";

  static final String NO_START = "the run ended without a START";
  static final String RUN_ID_REUSED = "the run id started again after its end: a new attempt";
  static final String OUT_OF_ORDER = "the event is older than one of its run taken before";
  static final String SECOND_END = "the run ended more than once: the latest end counts";

  private Remarks() {}
}
