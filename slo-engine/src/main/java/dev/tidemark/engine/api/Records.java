package dev.tidemark.engine.api;

import dev.tidemark.engine.alerts.Deliveries;
import dev.tidemark.engine.store.clickhouse.AuditTrail;
import dev.tidemark.engine.store.clickhouse.BudgetHistory;

/**
 * What is kept about the past. Thread-safe; everything blocks.
 *
 * @param budgets minute by minute
 * @param audit who did what
 * @param deliveries what was sent for an incident
 */
public record Records(BudgetHistory budgets, AuditTrail audit, Deliveries deliveries) {}
