package dev.tidemark.engine.server;

import dev.tidemark.engine.catalog.CatalogCoverage;
import dev.tidemark.engine.loop.LiveLineage;
import dev.tidemark.engine.planned.PlanBook;

/**
 * What is known around the objectives, by which their numbers and alerts are understood.
 *
 * @param lineage what is made of what, and what troubles it
 * @param plans work that is planned, and what it takes out of budgets
 * @param catalog which datasets there are
 */
record Surroundings(LiveLineage lineage, PlanBook plans, CatalogCoverage catalog) {}
