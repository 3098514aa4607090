/** The agent around any command. */
@NullMarked
package dev.tidemark.agent.command;

import org.jspecify.annotations.NullMarked;
