package dev.tidemark.engine.api;

import dev.tidemark.engine.alerts.Deliveries;
import dev.tidemark.engine.alerts.StoredFollowUps;
import dev.tidemark.engine.audit.AuditBook;
import dev.tidemark.engine.catalog.CatalogCoverage;
import dev.tidemark.engine.planned.Plans;
import dev.tidemark.engine.report.BudgetLedger;
import dev.tidemark.engine.store.clickhouse.BudgetHistory;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What is kept about the past. Thread-safe; everything blocks.
 *
 * @param budgets minute by minute
 * @param audit who did what
 * @param deliveries what was sent for an incident
 * @param followUps what is to be done after incidents
 * @param ledger budgets as known then and as known now
 * @param plans what is planned
 * @param catalog datasets seen, and what is known of them
 */
public record Records(
    BudgetHistory budgets,
    AuditBook audit,
    Deliveries deliveries,
    StoredFollowUps followUps,
    BudgetLedger ledger,
    Supplier<Plans> plans,
    Function<Instant, List<CatalogCoverage.Entry>> catalog) {}
