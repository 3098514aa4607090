package dev.tidemark.engine.condition;

import dev.tidemark.engine.budget.BurnRate;
import dev.tidemark.engine.definition.BurnRateCondition;
import dev.tidemark.engine.definition.Objective;
import java.time.Instant;

/**
 * An objective whose condition holds: the most severe one that does.
 *
 * @param objective whose
 * @param condition which
 * @param since when the first of its conditions began to hold
 * @param badSince since when its slices are bad
 * @param longRate burn rate of the long window now
 * @param shortRate burn rate of the short window now
 */
public record Firing(
    Objective objective,
    BurnRateCondition condition,
    Instant since,
    Instant badSince,
    BurnRate longRate,
    BurnRate shortRate) {}
