package dev.tidemark.engine.ingest.openlineage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DatasetNameTest {
  @ParameterizedTest
  @CsvSource({
    "/lake/orders/2025-01-15, /lake/orders, 2025-01-15",
    "/lake/orders/20250115, /lake/orders, 20250115",
    "/lake/orders/2025-01, /lake/orders, 2025-01",
    "/lake/orders/2025/01/15, /lake/orders, 2025/01/15",
    "/lake/orders/dt=2025-01-15, /lake/orders, dt=2025-01-15",
    "/lake/orders/country=de/dt=2025-01-15/, /lake/orders, country=de/dt=2025-01-15",
    "events_20250115, events, 20250115",
    "project.set.events$20250115, project.set.events, 20250115",
    "public.orders, public.orders, ''",
    "/lake/orders/2025, /lake/orders/2025, ''",
    "orders_20251399, orders_20251399, ''",
    "2025-01-15, 2025-01-15, ''",
    "/2025-01-15, /2025-01-15, ''",
    "orders_v2, orders_v2, ''"
  })
  void dates_and_partitions_are_cut_off(String sent, String name, String partition) {
    assertThat(DatasetName.of(sent)).isEqualTo(new DatasetName(name, partition));
  }
}
