package dev.tidemark.engine.definition;

/**
 * A document of our own kinds of which only the head was read: it may refer to others, wherever
 * they stand.
 *
 * @param kind such as {@code Dataset}
 * @param faulty whether its head has errors, so that it is left out once all of it was read
 */
record HeadedDocument(
    String kind,
    String name,
    YamlNode metadata,
    YamlNode spec,
    YamlNode document,
    boolean faulty) {}
