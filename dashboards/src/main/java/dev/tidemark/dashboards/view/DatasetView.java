package dev.tidemark.dashboards.view;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One dataset.
 *
 * @param name id
 * @param displayName for people
 * @param description may be empty
 * @param state worst of its objectives
 * @param owner team; empty is shown as a gap
 * @param domain may be empty
 * @param tier such as {@code critical}, may be empty
 * @param producedBy pipeline, or null
 * @param newest event time of the newest record, or null
 * @param consumers people or systems that read it
 * @param upstream what it is made of
 * @param downstream what is made of it
 * @param objectives its promises
 * @param volume records per hour over the last day, or null while there is too little
 * @param periods records of the newest hours, newest first
 * @param schema columns with type, such as {@code amount decimal(12,2)}; may be empty
 * @param incidents newest first
 * @param runbook or null
 * @param place {@code file:line:column} of the definition; empty when it is not catalogued
 */
public record DatasetView(
    String name,
    String displayName,
    String description,
    Badge state,
    String owner,
    String domain,
    String tier,
    @Nullable Link producedBy,
    @Nullable Instant newest,
    List<String> consumers,
    List<LineageNode> upstream,
    List<LineageNode> downstream,
    List<ObjectiveRow> objectives,
    @Nullable Chart volume,
    List<Period> periods,
    List<String> schema,
    List<IncidentRow> incidents,
    @Nullable Link runbook,
    String place) {

  /**
   * Records of one hour.
   *
   * @param start of the hour
   * @param unfinished whether the hour is not over
   * @param observed count, or words why there is none
   * @param expected count, or {@code unknown}
   * @param share observed of expected with unit, or {@code unknown}
   * @param others such as {@code 3 rejected, 1 late}, or {@code none}
   */
  public record Period(
      Instant start,
      boolean unfinished,
      String observed,
      String expected,
      String share,
      String others) {}
}
