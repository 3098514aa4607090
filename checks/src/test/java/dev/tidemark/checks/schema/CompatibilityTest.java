package dev.tidemark.checks.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidemark.checks.schema.Compatibility.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes of a table break somebody. */
class CompatibilityTest {
  private static Column column(String name, String type) {
    return new Column(name, ColumnType.parse(type), false);
  }

  private static Column optional(String name, String type) {
    return new Column(name, ColumnType.parse(type), true);
  }

  private static List<Finding> compare(Compatibility mode, Column old, Column now) {
    return mode.compare(new TableSchema(List.of(old)), new TableSchema(List.of(now)));
  }

  /** Whether what reads the first type can read the second, and the other way round. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          INTEGER | int4 | true | true
          integer | bigint | true | false
          Int32 | Nullable(Int64) | true | false
          int8 | bigint | true | true
          Int8 | smallint | true | false
          UInt32 | Int64 | true | false
          UInt64 | Int64 | false | false
          int | double | true | false
          bigint | double | false | false
          real | double precision | true | false
          varchar(20) | varchar(50) | true | false
          varchar(20) | text | true | false
          LowCardinality(String) | String | true | true
          numeric(10,2) | numeric(12,2) | true | false
          numeric(10,2) | numeric(12,4) | true | false
          numeric(10,2) | numeric(10,4) | false | false
          DateTime64(3, 'UTC') | DateTime64(3, 'UTC') | true | true
          date | timestamp | false | false
          text | integer | false | false
          uuid | uuid | true | true
          jsonb | text | false | false
          """)
  void a_type_fits_into_another(String old, String now, boolean there, boolean back) {
    assertThat(ColumnType.parse(old).fitsInto(ColumnType.parse(now))).isEqualTo(there);
    assertThat(ColumnType.parse(now).fitsInto(ColumnType.parse(old))).isEqualTo(back);
  }

  @Test
  void a_reader_feels_what_is_gone_narrower_or_missing() {
    TableSchema old =
        new TableSchema(
            List.of(
                column("id", "bigint"),
                column("amount", "numeric(12,2)"),
                column("currency", "char(3)"),
                column("placed", "timestamp")));
    TableSchema now =
        new TableSchema(
            List.of(
                column("ID", "integer"),
                column("amount", "numeric(12,2)"),
                optional("currency", "char(3)"),
                column("placed_at", "timestamp"),
                column("shop", "text")));
    assertThat(Compatibility.BACKWARD.compare(old, now))
        .extracting(
            finding -> finding.breaking() + " " + finding.column() + " " + finding.message())
        .containsExactly(
            "true id type bigint became integer (narrower)",
            "true currency may be missing now: what reads it does not expect that",
            "true placed removed (renamed to placed_at?): what reads it finds nothing",
            "false placed_at added as timestamp not null",
            "false shop added as text not null");
  }

  @Test
  void a_writer_feels_what_is_new_and_needed() {
    TableSchema old = new TableSchema(List.of(optional("note", "text")));
    TableSchema now =
        new TableSchema(
            List.of(column("note", "text"), column("shop", "text"), optional("x", "int")));
    assertThat(Compatibility.FORWARD.compare(old, now))
        .extracting(finding -> finding.breaking() + " " + finding.message())
        .containsExactly(
            "true may not be missing any more: what writes by the old table may leave it out",
            "true added as text not null: what writes by the old table gives no value for it",
            "false added as int");
  }

  @Test
  void full_is_both() {
    assertThat(compare(Compatibility.FULL, column("a", "int"), column("a", "bigint")))
        .allMatch(Finding::breaking);
    assertThat(compare(Compatibility.BACKWARD, column("a", "int"), column("a", "bigint")))
        .noneMatch(Finding::breaking);
    assertThat(compare(Compatibility.FORWARD, column("a", "int"), column("a", "bigint")))
        .allMatch(Finding::breaking);
    assertThat(compare(Compatibility.FULL, column("a", "int"), column("a", "int4"))).isEmpty();
  }

  @Test
  void snapshots_are_read_in_every_shape_they_come_in(@TempDir Path folder) throws Exception {
    TableSchema expected =
        new TableSchema(List.of(optional("id", "bigint"), optional("note", "text")));
    Path file = folder.resolve("schema");
    for (String text :
        List.of(
            "[{\"name\": \"id\", \"type\": \"bigint\"}, {\"name\": \"note\", \"type\": \"text\"}]",
            "columns:\n- {name: id, type: bigint}\n- {name: note, type: text, nullable: true}\n",
            "{\"_producer\": \"x\", \"fields\": [{\"name\": \"id\", \"type\": \"bigint\"},"
                + " {\"name\": \"note\", \"type\": \"text\", \"description\": \"d\"}]}")) {
      Files.writeString(file, text);
      assertThat(SchemaFile.read(file)).isEqualTo(expected);
    }
  }

  @Test
  void a_snapshot_that_is_none_is_named_with_its_place(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("schema.json");
    assertThatThrownBy(() -> SchemaFile.read(file)).hasMessage(file + " does not exist");
    Files.writeString(file, "[{\"name\": \"id\"}]");
    assertThatThrownBy(() -> SchemaFile.read(file))
        .hasMessage(file + ": [0] needs 'name' and 'type', both text");
    Files.writeString(file, "7");
    assertThatThrownBy(() -> SchemaFile.read(file)).hasMessageContaining("needs a list of columns");
    Files.writeString(file, "[{");
    assertThatThrownBy(() -> SchemaFile.read(file))
        .hasMessageContaining("is neither JSON nor YAML");
  }
}
