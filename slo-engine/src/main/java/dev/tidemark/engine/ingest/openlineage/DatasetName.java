package dev.tidemark.engine.ingest.openlineage;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A dataset's name without the dates and partitions that make every day's write look like a new
 * dataset. Trims, from the end, path segments that are a date, a year with month, or {@code
 * key=value}, as the OpenLineage Java client does; year, month and day in segments of their own;
 * and the suffix of a dated table ({@code events_20250115}, {@code events$20250115}). The first
 * segment always stays.
 *
 * @param name without them
 * @param partition what was cut off, such as {@code dt=2025-01-15}; empty when nothing was
 */
record DatasetName(String name, String partition) {
  private static final String DATE =
      "(?:19|20)\\d{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])"
          + "|(?:19|20)\\d{2}_(?:0[1-9]|1[0-2])_(?:0[1-9]|[12]\\d|3[01])"
          + "|(?:19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])";
  private static final Pattern SEGMENT =
      Pattern.compile(
          "(?:"
              + DATE
              + ")(?:[T_-]\\d{2}(?:[:-]?\\d{2}){0,2}Z?)?"
              + "|(?:19|20)\\d{2}-?(?:0[1-9]|1[0-2])"
              + "|[A-Za-z_][\\w.-]*=[^/]*");
  private static final Pattern DATED_PATH =
      Pattern.compile(
          "/((?:19|20)\\d{2}/(?:0?[1-9]|1[0-2])(?:/(?:0?[1-9]|[12]\\d|3[01]))?(?:/\\d{2})?)/?$");
  private static final Pattern SUFFIX = Pattern.compile("(?<=[\\w)])[_$.-](" + DATE + ")$");

  static DatasetName of(String sent) {
    String name = sent;
    String partition = "";
    boolean trimmed = true;
    while (trimmed) {
      trimmed = false;
      String path = name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
      int slash = path.lastIndexOf('/');
      if (slash > 0 && SEGMENT.matcher(path.substring(slash + 1)).matches()) {
        partition = join(path.substring(slash + 1), partition);
        name = path.substring(0, slash);
        trimmed = true;
        continue;
      }
      Matcher dated = DATED_PATH.matcher(name);
      if (dated.find() && dated.start() > 0) {
        partition = join(dated.group(1), partition);
        name = name.substring(0, dated.start());
        trimmed = true;
      }
    }
    Matcher suffix = SUFFIX.matcher(name);
    if (suffix.find() && suffix.start() > 0) {
      partition = join(suffix.group(1), partition);
      name = name.substring(0, suffix.start());
    }
    return new DatasetName(name, partition);
  }

  private static String join(String segment, String partition) {
    return partition.isEmpty() ? segment : segment + "/" + partition;
  }
}
