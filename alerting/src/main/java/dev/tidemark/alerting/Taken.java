package dev.tidemark.alerting;

import java.util.List;

/**
 * What somebody took when they took an incident. When the cause turns out to be another one, and
 * others are told of that, nobody has taken it for them. Immutable, saved with the incident.
 *
 * @param causeKey the node that was taken for the cause then
 * @param told whom routes named then, as they name them: receivers, {@code schedule:NAME}, {@code
 *     escalation:NAME}; empty in documents of older versions, which do not know
 */
public record Taken(String causeKey, List<String> told) {
  public Taken {
    told = List.copyOf(told);
  }
}
