package dev.tidemark.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link IncidentStore} does. Subclasses give an empty store for each test. */
public abstract class IncidentStoreContract {
  private IncidentStore store;

  /** Returns an empty store. */
  protected abstract IncidentStore empty();

  @BeforeEach
  void start() {
    store = empty();
  }

  @Test
  public void gives_back_the_whole_document() {
    Incident incident = Samples.incident("INC-1", Samples.T0, IncidentState.OPEN, 3);
    store.save(incident);
    assertThat(store.find("INC-1")).contains(incident);
    assertThat(store.find("INC-2")).isEmpty();
  }

  @Test
  public void the_highest_revision_wins_in_whatever_order() {
    Incident third = Samples.incident("INC-1", Samples.t(3), IncidentState.ACKNOWLEDGED, 3);
    store.save(Samples.incident("INC-1", Samples.t(1), IncidentState.OPEN, 1));
    store.save(third);
    store.save(Samples.incident("INC-1", Samples.t(2), IncidentState.OPEN, 2));
    store.save(third);
    assertThat(store.find("INC-1")).contains(third);
    assertThat(store.open()).containsExactly(third);
  }

  @Test
  public void open_ones_are_those_not_resolved_oldest_first() {
    store.save(Samples.incident("INC-3", Samples.t(30), IncidentState.ACKNOWLEDGED, 1));
    store.save(Samples.incident("INC-2", Samples.t(20), IncidentState.RESOLVED, 1));
    store.save(Samples.incident("INC-1", Samples.t(10), IncidentState.PENDING, 1));
    assertThat(store.open()).extracting(Incident::id).containsExactly("INC-1", "INC-3");
    store.save(Samples.incident("INC-1", Samples.t(40), IncidentState.RESOLVED, 2));
    assertThat(store.open()).extracting(Incident::id).containsExactly("INC-3");
  }

  @Test
  public void lists_by_state_and_time_last_changed_first() {
    for (int i = 1; i <= 5; i++) {
      IncidentState state = i == 3 ? IncidentState.OPEN : IncidentState.RESOLVED;
      store.save(Samples.incident("INC-" + i, Samples.t(i * 10L), state, 1));
    }
    assertThat(store.list(IncidentQuery.recent(2)))
        .extracting(Incident::id)
        .containsExactly("INC-5", "INC-4");
    assertThat(
            store.list(
                new IncidentQuery(
                    Set.of(IncidentState.RESOLVED), Samples.t(20), Samples.t(50), 10)))
        .extracting(Incident::id)
        .containsExactly("INC-4", "INC-2");
  }
}
