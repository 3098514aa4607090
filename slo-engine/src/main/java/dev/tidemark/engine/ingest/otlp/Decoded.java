package dev.tidemark.engine.ingest.otlp;

import dev.tidemark.engine.model.SignalBatch;

/**
 * One request decoded.
 *
 * @param batch the good part
 * @param rejections the rest
 */
public record Decoded(SignalBatch batch, Rejections rejections) {}
