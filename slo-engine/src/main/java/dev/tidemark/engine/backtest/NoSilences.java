package dev.tidemark.engine.backtest;

import dev.tidemark.alerting.Silence;
import dev.tidemark.alerting.SilenceStore;
import java.util.List;

/** Nobody is silenced in a replay: it tells nobody anyway, and shows what would have been said. */
final class NoSilences implements SilenceStore {
  @Override
  public void save(Silence silence) {
    throw new UnsupportedOperationException("a replay takes no silences");
  }

  @Override
  public List<Silence> load() {
    return List.of();
  }
}
