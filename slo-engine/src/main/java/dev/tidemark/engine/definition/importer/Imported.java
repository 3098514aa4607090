package dev.tidemark.engine.definition.importer;

import dev.tidemark.engine.definition.Problem;
import java.util.List;

/**
 * What became of foreign definitions.
 *
 * @param yaml our documents, with the losses as comments
 * @param objectives how many came over
 * @param losses errors: something that is left out; warnings: a part of something
 */
public record Imported(String yaml, int objectives, List<Problem> losses) {
  /** Copies the list. */
  public Imported {
    losses = List.copyOf(losses);
  }
}
