package dev.tidemark.engine.server;

import dev.tidemark.alerting.IncidentSettings;
import dev.tidemark.alerting.route.Routes;
import dev.tidemark.runbooks.RunbookLibrary;

/**
 * How incidents are told.
 *
 * @param routes to whom, from the start on
 * @param settings when one ends, and when it comes back
 * @param links where pages are reached from outside
 * @param runbooks what helps
 */
record TellingRules(
    Routes routes, IncidentSettings settings, String links, RunbookLibrary runbooks) {}
