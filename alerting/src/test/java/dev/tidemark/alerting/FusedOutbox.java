package dev.tidemark.alerting;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Writes down what was said, once. */
final class FusedOutbox extends InMemoryOutbox {
  private final Set<String> ids = new HashSet<>();
  private final Fuse fuse;
  private final List<Notification> said;

  FusedOutbox(Fuse fuse, List<Notification> said) {
    this.fuse = fuse;
    this.said = said;
  }

  @Override
  public synchronized void enqueue(List<OutboxEntry> entries) {
    fuse.around(
        () ->
            entries.stream()
                .filter(entry -> ids.add(entry.id()))
                .forEach(entry -> said.add(entry.notification())));
  }
}
