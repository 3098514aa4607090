package dev.tidemark.checks.schema;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The type of a column, as far as it decides whether values still fit. Types of different databases
 * that hold the same are the same ({@code INTEGER}, {@code int4} and {@code Int32}). Immutable.
 *
 * @param text as written
 * @param family what kind of values; the lower-case text itself for a type that is not known
 * @param size bits, digits or characters; {@link Integer#MAX_VALUE} for as many as one likes
 * @param scale digits behind the point; 0 where there are none
 */
public record ColumnType(String text, String family, int size, int scale) {
  private static final Pattern WRAPPED =
      Pattern.compile("(?:nullable|lowcardinality)\\((.*)\\)", Pattern.CASE_INSENSITIVE);
  private static final Pattern SIZED =
      Pattern.compile("([a-z][a-z0-9_ ]*?)\\s*(?:\\(\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?\\))?");
  private static final Map<String, Integer> SIGNED =
      Map.ofEntries(
          Map.entry("int8", 8),
          Map.entry("tinyint", 8),
          Map.entry("byte", 8),
          Map.entry("int16", 16),
          Map.entry("smallint", 16),
          Map.entry("int2", 16),
          Map.entry("short", 16),
          Map.entry("int32", 32),
          Map.entry("int", 32),
          Map.entry("integer", 32),
          Map.entry("int4", 32),
          Map.entry("serial", 32),
          Map.entry("int64", 64),
          Map.entry("bigint", 64),
          Map.entry("long", 64),
          Map.entry("bigserial", 64),
          Map.entry("int128", 128),
          Map.entry("int256", 256));
  private static final Map<String, Integer> UNSIGNED =
      Map.of("uint8", 8, "uint16", 16, "uint32", 32, "uint64", 64, "uint128", 128, "uint256", 256);
  private static final Map<String, Integer> FLOATING =
      Map.of(
          "float32",
          32,
          "real",
          32,
          "float4",
          32,
          "float",
          32,
          "float64",
          64,
          "double",
          64,
          "double precision",
          64,
          "float8",
          64);
  private static final Map<String, String> OTHER =
      Map.ofEntries(
          Map.entry("bool", "boolean"),
          Map.entry("boolean", "boolean"),
          Map.entry("date32", "date"),
          Map.entry("datetime", "timestamp"),
          Map.entry("datetime64", "timestamp"),
          Map.entry("timestamp without time zone", "timestamp"),
          Map.entry("timestamptz", "timestamp with time zone"),
          Map.entry("string", "text"),
          Map.entry("text", "text"),
          Map.entry("varchar", "text"),
          Map.entry("character varying", "text"),
          Map.entry("char", "text"),
          Map.entry("character", "text"),
          Map.entry("fixedstring", "text"));

  /** Reads a type as a database, a snapshot or an OpenLineage facet writes it. */
  public static ColumnType parse(String text) {
    String bare = text.trim();
    for (Matcher wrapped = WRAPPED.matcher(bare); wrapped.matches(); wrapped.reset(bare)) {
      bare = wrapped.group(1).trim();
    }
    // Eight bytes in PostgreSQL, eight bits as ClickHouse's Int8.
    String lower = bare.equals("int8") ? "bigint" : bare.toLowerCase(Locale.ROOT);
    Matcher sized = SIZED.matcher(lower);
    if (!sized.matches()) {
      return new ColumnType(text, lower, Integer.MAX_VALUE, 0);
    }
    String name = sized.group(1).trim();
    int first = sized.group(2) == null ? Integer.MAX_VALUE : Integer.parseInt(sized.group(2));
    int second = sized.group(3) == null ? 0 : Integer.parseInt(sized.group(3));
    Integer bits = SIGNED.get(name);
    if (bits != null) {
      return new ColumnType(text, "integer", bits, 0);
    }
    bits = UNSIGNED.get(name);
    if (bits != null) {
      return new ColumnType(text, "unsigned integer", bits, 0);
    }
    bits = FLOATING.get(name);
    if (bits != null) {
      return new ColumnType(text, "floating", bits, 0);
    }
    if (name.equals("decimal") || name.equals("numeric")) {
      return new ColumnType(text, "decimal", first, second);
    }
    String family = OTHER.getOrDefault(name, name);
    // A parameter of a time is its precision, which a reader does not depend on.
    boolean counts = family.equals("text");
    return new ColumnType(text, family, counts ? first : Integer.MAX_VALUE, 0);
  }

  /** Returns whether every value of this type has its place in the other. */
  public boolean fitsInto(ColumnType other) {
    if (family.equals(other.family)) {
      return family.equals("decimal")
          ? (other.size == Integer.MAX_VALUE || size - scale <= other.size - other.scale)
              && scale <= other.scale
          : size <= other.size;
    }
    if (family.equals("unsigned integer") && other.family.equals("integer")) {
      return size < other.size;
    }
    // A double holds every integer of 32 bits exactly, not of 64.
    return family.endsWith("integer") && other.family.equals("floating") && size * 2 <= other.size;
  }
}
