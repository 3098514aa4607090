package dev.tidemark.runbooks;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Text;

/**
 * Says what is wrong with a runbook: everything in one go, with its line. Stateless, safe for any
 * thread.
 */
public final class RunbookLinter {
  /** The sections every runbook has, in this order. */
  public static final List<String> SECTIONS =
      List.of(
          "What it means",
          "Who is hurt",
          "How to look",
          "How to mend",
          "How to prevent",
          "When to escalate");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([^}]*?)\\s*}}");

  /** How bad a finding is. */
  public enum Level {
    /** The runbook must not be published like this. */
    ERROR,
    /** It works, but somebody has to look after it. */
    WARNING
  }

  /**
   * Something wrong.
   *
   * @param file as it was named
   * @param line from 1
   * @param level how bad
   * @param message what, and what to do
   */
  public record Finding(String file, int line, Level level, String message) {
    /** Returns {@code file:line: level: message}, as compilers say it. */
    @Override
    public String toString() {
      return "%s:%d: %s: %s".formatted(file, line, level.name().toLowerCase(Locale.ROOT), message);
    }
  }

  /** Lints every runbook of a library; stale ones and dead links between them included. */
  public List<Finding> lint(RunbookLibrary library, LocalDate today) {
    Set<String> ids = library.all().stream().map(Runbook::id).collect(Collectors.toSet());
    return library.all().stream()
        .flatMap(runbook -> lint(runbook.id() + ".md", runbook.markdown(), ids, today).stream())
        .toList();
  }

  /**
   * Lints one text.
   *
   * @param file name for the findings
   * @param text whole file, with front matter
   * @param ids runbooks that exist
   * @param today to tell stale ones
   * @return in the order of the lines; empty when all is well
   */
  public List<Finding> lint(String file, String text, Set<String> ids, LocalDate today) {
    List<Finding> findings = new ArrayList<>();
    Node document = RunbookParser.parse(text);
    Map<String, List<String>> front = RunbookParser.frontMatter(document);
    for (String key : RunbookParser.KEYS) {
      if (front.getOrDefault(key, List.of()).stream().allMatch(String::isBlank)) {
        findings.add(error(file, 1, "the front matter lacks \"" + key + "\""));
      }
    }
    if (findings.isEmpty()) {
      try {
        Runbook runbook = RunbookParser.read(file, text);
        if (runbook.isStale(today)) {
          findings.add(
              new Finding(
                  file,
                  1,
                  Level.WARNING,
                  "review overdue since %s: %s has to read it and set \"reviewed\""
                      .formatted(runbook.staleFrom(), runbook.owner())));
        }
      } catch (RunbookException e) {
        findings.add(error(file, 1, String.valueOf(e.getMessage())));
      }
    }
    lintSections(file, document, findings);
    lintLinks(file, document, ids, findings);
    lintNumbers(file, document, findings);
    lintPlaceholders(file, text, findings);
    return List.copyOf(findings);
  }

  private static void lintSections(String file, Node document, List<Finding> findings) {
    Set<String> found = new LinkedHashSet<>();
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Heading heading) {
            if (heading.getLevel() == 2 && heading.getFirstChild() instanceof Text text) {
              found.add(text.getLiteral());
            }
          }
        });
    for (String section : SECTIONS) {
      if (!found.contains(section)) {
        findings.add(error(file, 1, "the section \"## " + section + "\" is missing"));
      }
    }
    List<String> order = found.stream().filter(SECTIONS::contains).toList();
    if (!order.equals(SECTIONS.stream().filter(found::contains).toList())) {
      findings.add(error(file, 1, "the sections are not in the order " + SECTIONS));
    }
  }

  private static void lintLinks(
      String file, Node document, Set<String> ids, List<Finding> findings) {
    document.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            RunbookLinks.target(link.getDestination())
                .filter(id -> !ids.contains(id))
                .ifPresent(
                    id ->
                        findings.add(
                            error(file, line(link), "there is no runbook \"" + id + "\"")));
            visitChildren(link);
          }
        });
  }

  /** What the text calls step 2 has to be what the page shows as step 2. */
  private static void lintNumbers(String file, Node document, List<Finding> findings) {
    int next = 1;
    for (OrderedList list : RunbookParser.orderedLists(document)) {
      Integer first = list.getMarkerStartNumber();
      if (first != null && first != next) {
        findings.add(
            error(
                file,
                line(list),
                "the steps begin with %d here, and are shown from %d on, because all sections are"
                        .formatted(first, next)
                    + " numbered through; write that number, also where the text names a step"));
      }
      for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
        next++;
      }
    }
  }

  private static void lintPlaceholders(String file, String text, List<Finding> findings) {
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      Matcher matcher = PLACEHOLDER.matcher(line);
      while (matcher.find()) {
        String name = matcher.group(1);
        if (name.startsWith("incident.")
            && !IncidentFacts.isKnown(name.substring("incident.".length()))) {
          findings.add(error(file, number, "nothing is known as {{" + name + "}}"));
        }
      }
    }
  }

  private static int line(Node node) {
    return node.getSourceSpans().isEmpty() ? 1 : node.getSourceSpans().get(0).getLineIndex() + 1;
  }

  private static Finding error(String file, int line, String message) {
    return new Finding(file, line, Level.ERROR, message);
  }
}
