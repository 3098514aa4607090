package dev.tidemark.runbooks;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.commonmark.Extension;
import org.commonmark.ext.front.matter.YamlFrontMatterExtension;
import org.commonmark.ext.front.matter.YamlFrontMatterVisitor;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.parser.IncludeSourceSpans;
import org.commonmark.parser.Parser;

/** Reads the Markdown of a runbook. Stateless, safe for any thread. */
final class RunbookParser {
  static final List<Extension> EXTENSIONS =
      List.of(TablesExtension.create(), YamlFrontMatterExtension.create());

  /** The keys every runbook has. */
  static final List<String> KEYS =
      List.of("id", "title", "failureMode", "owner", "reviewed", "reviewEvery", "severity", "slis");

  private static final Parser PARSER =
      Parser.builder()
          .extensions(EXTENSIONS)
          .includeSourceSpans(IncludeSourceSpans.BLOCKS_AND_INLINES)
          .build();

  private RunbookParser() {}

  static Node parse(String markdown) {
    return PARSER.parse(markdown);
  }

  static Map<String, List<String>> frontMatter(Node document) {
    YamlFrontMatterVisitor visitor = new YamlFrontMatterVisitor();
    document.accept(visitor);
    return visitor.getData();
  }

  /** Returns the lists that number steps, without those within them, in order. */
  static List<OrderedList> orderedLists(Node document) {
    List<OrderedList> lists = new ArrayList<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(OrderedList list) {
            lists.add(list);
          }
        });
    return lists;
  }

  /**
   * Reads a whole runbook.
   *
   * @param file name for messages
   * @throws RunbookException if the front matter is incomplete or unreadable
   */
  static Runbook read(String file, String text) {
    Map<String, List<String>> front = frontMatter(parse(text));
    return new Runbook(
        one(file, front, "id"),
        one(file, front, "title"),
        one(file, front, "failureMode"),
        one(file, front, "owner"),
        reviewed(file, one(file, front, "reviewed")),
        reviewEvery(file, one(file, front, "reviewEvery")),
        one(file, front, "severity"),
        front.getOrDefault("slis", List.of()),
        text);
  }

  private static String one(String file, Map<String, List<String>> front, String key) {
    List<String> values = front.getOrDefault(key, List.of());
    if (values.size() != 1 || values.get(0).isBlank()) {
      throw new RunbookException(
          "%s: the front matter needs one value for \"%s\"".formatted(file, key));
    }
    return values.get(0);
  }

  static LocalDate reviewed(String file, String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new RunbookException(
          "%s: reviewed is \"%s\", not a date such as 2026-11-01".formatted(file, text), e);
    }
  }

  static Period reviewEvery(String file, String text) {
    try {
      Period period = Period.parse("P" + text);
      if (period.isZero() || period.isNegative()) {
        throw new RunbookException(
            "%s: reviewEvery is \"%s\"; it has to be longer than nothing".formatted(file, text));
      }
      return period;
    } catch (DateTimeException e) {
      throw new RunbookException(
          "%s: reviewEvery is \"%s\", not a period such as 90d or 3m".formatted(file, text), e);
    }
  }
}
