package dev.tidemark.engine.definition;

/**
 * One file of definitions.
 *
 * @param path as problems name it
 * @param text its content
 */
public record SourceFile(String path, String text) {}
