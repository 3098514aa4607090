/** Suites of checks: read, run, told. */
@NullMarked
package dev.tidemark.checks.suite;

import org.jspecify.annotations.NullMarked;
