package dev.tidemark.checks.schema;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * A snapshot of a table's columns in a file, JSON or YAML: a list of {@code {name, type,
 * nullable}}, alone or under {@code columns}, or an OpenLineage schema facet with {@code fields}.
 */
public final class SchemaFile {
  private SchemaFile() {}

  /**
   * Reads a snapshot.
   *
   * @throws IOException when the file cannot be read
   * @throws IllegalArgumentException naming the file, the place in it and the way out
   */
  public static TableSchema read(Path file) throws IOException {
    Object root;
    try {
      root =
          new Load(LoadSettings.builder().setLabel(file.toString()).build())
              .loadFromString(Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(file + " does not exist", e);
    } catch (YamlEngineException e) {
      throw new IllegalArgumentException(
          file
              + " is neither JSON nor YAML: "
              + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
          e);
    }
    Object list = root;
    String where = "";
    if (root instanceof Map<?, ?> map) {
      where = map.containsKey("fields") ? "fields" : "columns";
      list = map.get(where);
    }
    if (!(list instanceof List<?> entries)) {
      throw new IllegalArgumentException(
          file + " needs a list of columns, such as columns: [{name: id, type: bigint}]");
    }
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      columns.add(column(entries.get(i), file + ": " + where + "[" + i + "]"));
    }
    return new TableSchema(columns);
  }

  private static Column column(Object entry, String place) {
    if (!(entry instanceof Map<?, ?> map)
        || !(map.get("name") instanceof String name)
        || !(map.get("type") instanceof String type)) {
      throw new IllegalArgumentException(place + " needs 'name' and 'type', both text");
    }
    boolean nullable = !Boolean.FALSE.equals(map.get("nullable"));
    return new Column(name, ColumnType.parse(type), nullable);
  }
}
