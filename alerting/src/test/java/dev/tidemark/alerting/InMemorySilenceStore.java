package dev.tidemark.alerting;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps silences as JSON text. */
public final class InMemorySilenceStore implements SilenceStore {
  private final Map<String, String> documents = new LinkedHashMap<>();

  @Override
  public void save(Silence silence) {
    documents.put(silence.id(), AlertingJson.write(silence));
  }

  @Override
  public List<Silence> load() {
    return documents.values().stream().map(json -> AlertingJson.read(json, Silence.class)).toList();
  }
}
