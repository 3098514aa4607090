package dev.tidemark.runbooks;

import com.github.jknack.handlebars.EscapingStrategy;
import com.github.jknack.handlebars.Handlebars;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.IndentedCodeBlock;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Text;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.text.TextContentRenderer;

/**
 * Makes HTML of a runbook. The facts are put in after the Markdown was parsed, into text and code
 * only: whatever they contain, they stay text and become neither markup nor links. Immutable, safe
 * for any thread.
 */
public final class RunbookRenderer {
  private static final HtmlRenderer HTML =
      HtmlRenderer.builder()
          .extensions(RunbookParser.EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .attributeProviderFactory(context -> RunbookRenderer::reachableByKeyboard)
          .build();

  private static final TextContentRenderer PLAIN =
      TextContentRenderer.builder().extensions(RunbookParser.EXTENSIONS).build();

  // NO_OP: the values become nodes of a tree, which the HTML renderer escapes.
  private final Handlebars handlebars = new Handlebars().with(EscapingStrategy.NOOP);

  /** A long command scrolls in its box; without a mouse one has to get into the box first. */
  private static void reachableByKeyboard(Node node, String tag, Map<String, String> attributes) {
    if (tag.equals("pre")) {
      attributes.put("tabindex", "0");
    }
  }

  /**
   * Renders the body.
   *
   * @param runbook what to render
   * @param facts of an incident by name ({@code id}, {@code title}, {@code dataset}, {@code
   *     objective}, {@code pipeline}, {@code connector}, {@code run}, {@code since}, {@code cause},
   *     {@code hurt}, {@code owner}); missing ones are replaced by words that make sense; not
   *     trusted. Facts that a shell could act on are left out of commands.
   * @return HTML without surrounding element
   * @throws RunbookException if the runbook has a placeholder that cannot be read
   */
  public String html(Runbook runbook, Map<String, String> facts) {
    return HTML.render(filled(runbook, facts));
  }

  /**
   * Returns the numbered steps in order, with the numbers that {@link #html} shows.
   *
   * @param facts as for {@link #html}
   */
  public List<Step> steps(Runbook runbook, Map<String, String> facts) {
    List<Step> steps = new ArrayList<>();
    for (OrderedList list : RunbookParser.orderedLists(filled(runbook, facts))) {
      for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
        Node first = item.getFirstChild();
        steps.add(
            new Step(
                steps.size() + 1, first == null ? "" : PLAIN.render(first).strip(), code(item)));
      }
    }
    return steps;
  }

  private Node filled(Runbook runbook, Map<String, String> facts) {
    Node document = RunbookParser.parse(runbook.markdown());
    document.accept(
        new Filler(runbook.id(), IncidentFacts.prose(facts), IncidentFacts.commands(facts)));
    numberThrough(document);
    return document;
  }

  /**
   * Numbers each list of steps on from the one before: on the phone and in the timeline people say
   * "step 6", which must be one step only. Lists within steps are their own.
   */
  private static void numberThrough(Node document) {
    int next = 1;
    for (OrderedList list : RunbookParser.orderedLists(document)) {
      list.setMarkerStartNumber(next);
      for (Node item = list.getFirstChild(); item != null; item = item.getNext()) {
        next++;
      }
    }
  }

  private static List<String> code(Node item) {
    List<String> code = new ArrayList<>();
    item.accept(
        new AbstractVisitor() {
          @Override
          public void visit(FencedCodeBlock block) {
            code.add(block.getLiteral().stripTrailing());
          }

          @Override
          public void visit(IndentedCodeBlock block) {
            code.add(block.getLiteral().stripTrailing());
          }
        });
    return code;
  }

  private final class Filler extends AbstractVisitor {
    private final String id;
    private final Map<String, String> prose;
    private final Map<String, String> commands;

    Filler(String id, Map<String, String> prose, Map<String, String> commands) {
      this.id = id;
      this.prose = prose;
      this.commands = commands;
    }

    @Override
    public void visit(Text text) {
      text.setLiteral(fill(text.getLiteral(), prose));
    }

    @Override
    public void visit(Code code) {
      code.setLiteral(fill(code.getLiteral(), commands));
    }

    @Override
    public void visit(FencedCodeBlock block) {
      block.setLiteral(fill(block.getLiteral(), commands));
    }

    @Override
    public void visit(IndentedCodeBlock block) {
      block.setLiteral(fill(block.getLiteral(), commands));
    }

    @Override
    public void visit(Link link) {
      link.setDestination(RunbookLinks.address(link.getDestination()));
      visitChildren(link);
    }

    private String fill(String literal, Map<String, String> values) {
      if (!literal.contains("{{incident.")) {
        return literal;
      }
      try {
        return handlebars.compileInline(literal).apply(Map.of("incident", values));
      } catch (IOException e) {
        throw new RunbookException("runbook %s: cannot read \"%s\"".formatted(id, literal), e);
      }
    }
  }
}
