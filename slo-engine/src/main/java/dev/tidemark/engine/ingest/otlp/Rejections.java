package dev.tidemark.engine.ingest.otlp;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was left out of one request, and why. Not thread-safe; one per request. */
public final class Rejections {
  private static final int MESSAGES = 10;

  private final Map<RejectReason, Integer> byReason = new EnumMap<>(RejectReason.class);
  private final List<String> messages = new ArrayList<>();
  private int problems;
  private int records;

  /** Notes {@code count} records left out; the message says where and what to do. */
  void add(RejectReason reason, int count, String message) {
    byReason.merge(reason, count, Integer::sum);
    records += count;
    problems++;
    if (messages.size() < MESSAGES) {
      messages.add(message);
    }
  }

  /** Returns how many records were left out. */
  public int records() {
    return records;
  }

  /** Returns whether anything was odd. */
  public boolean isEmpty() {
    return problems == 0;
  }

  /** Returns the records left out by reason. */
  public Map<RejectReason, Integer> byReason() {
    return Map.copyOf(byReason);
  }

  /** Returns the first reasons in words; empty when there is none. */
  public String message() {
    String text = String.join("; ", messages);
    return problems > messages.size()
        ? text + "; and " + (problems - messages.size()) + " more"
        : text;
  }
}
