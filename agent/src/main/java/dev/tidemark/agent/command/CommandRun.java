package dev.tidemark.agent.command;

import dev.tidemark.agent.PipelineRun;
import dev.tidemark.agent.TidemarkAgent;
import io.opentelemetry.api.trace.SpanContext;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs a command and says how it went: a run with its duration, outcome and exit code, and a
 * heartbeat while it lasts. The command has this process's input and output, and in its environment
 * {@code TIDEMARK_RUN_ID} and {@code TRACEPARENT} (W3C Trace Context), by which its own signals
 * join the run. Nothing that is wrong with Tidemark changes what the command does or returns.
 */
public final class CommandRun {
  /** As shells have it: the command was found and cannot be executed. */
  public static final int NOT_EXECUTABLE = 126;

  /** As shells have it: there is no such command. */
  public static final int NOT_FOUND = 127;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TidemarkAgent agent;
  private final String pipeline;
  private final String dataset;
  private final Duration beat;
  private final Consumer<String> say;

  /**
   * Prepares a run.
   *
   * @param agent of the pipeline; closed by whoever made it
   * @param pipeline also the name under which the heartbeat comes
   * @param dataset that the run writes; empty for none
   * @param beat how often the heartbeat is sent while the command runs
   * @param say takes a line for people when the command could not be started
   */
  public CommandRun(
      TidemarkAgent agent, String pipeline, String dataset, Duration beat, Consumer<String> say) {
    this.agent = agent;
    this.pipeline = pipeline;
    this.dataset = dataset;
    this.beat = beat;
    this.say = say;
  }

  /**
   * Runs the command to its end. When this process is told to stop, so is the command.
   *
   * @param command program and arguments
   * @return the command's exit code; 128 and the signal's number when a signal ended it; {@link
   *     #NOT_FOUND} and {@link #NOT_EXECUTABLE} as shells have them
   * @throws InterruptedException if interrupted; the command is ended then
   */
  public int run(List<String> command) throws InterruptedException {
    String id = UUID.randomUUID().toString();
    PipelineRun run = agent.startRun(id, dataset.isEmpty() ? Map.of() : Map.of("dataset", dataset));
    Process process;
    try {
      process = start(command, id, run.span().getSpanContext());
    } catch (IOException e) {
      boolean found = !String.valueOf(e.getMessage()).contains("error=2,");
      String reason =
          command.get(0) + (found ? " cannot be executed: " + e.getMessage() : " was not found");
      say.accept(reason);
      run.span().setAttribute("process.exit.code", found ? NOT_EXECUTABLE : NOT_FOUND);
      run.failed(reason);
      return found ? NOT_EXECUTABLE : NOT_FOUND;
    }
    agent.heartbeat(pipeline, beat);
    CountDownLatch told = new CountDownLatch(1);
    Thread stopper = new Thread(() -> stop(process, told), "tidemark-run-stop");
    Runtime.getRuntime().addShutdownHook(stopper);
    try {
      int exitCode = process.waitFor();
      run.span().setAttribute("process.exit.code", exitCode);
      if (exitCode == 0) {
        run.succeeded();
      } else {
        run.failed(
            "exit code "
                + exitCode
                + (exitCode > 128 ? " (ended by signal " + (exitCode - 128) + ")" : ""));
      }
      return exitCode;
    } catch (InterruptedException e) {
      process.destroy();
      run.failed("interrupted");
      throw e;
    } finally {
      tell();
      told.countDown();
      withdraw(stopper);
    }
  }

  /** Waits for an engine that answers, but not for one that is away. */
  private void tell() {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!agent.flush(Duration.ofMillis(200))
        && agent.stats().trouble().isEmpty()
        && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }

  private Process start(List<String> command, String id, SpanContext span) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(command)).inheritIO();
    builder.environment().put("TIDEMARK_RUN_ID", id);
    builder
        .environment()
        .put(
            "TRACEPARENT",
            "00-"
                + span.getTraceId()
                + "-"
                + span.getSpanId()
                + "-"
                + span.getTraceFlags().asHex());
    return builder.start();
  }

  /** Ends the command, hard if it does not listen, and lets its end be told. */
  private static void stop(Process process, CountDownLatch told) {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      boolean ignored = told.await(3, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void withdraw(Thread stopper) {
    try {
      boolean ignored = Runtime.getRuntime().removeShutdownHook(stopper);
    } catch (IllegalStateException e) {
      // This process ends already; the hook has done its work.
      return;
    }
  }
}
