/** OTLP decoded: metrics, traces and logs in protobuf and JSON. No network in here. */
@NullMarked
package dev.tidemark.engine.ingest.otlp;

import org.jspecify.annotations.NullMarked;
