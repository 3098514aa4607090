package dev.tidemark.engine.server;

import io.vertx.core.Vertx;
import java.net.URI;
import java.util.function.BooleanSupplier;

/**
 * What a server stands on.
 *
 * @param vertx runs the ports
 * @param doors whose ports are taken, and that are still shut
 * @param address of the main port
 * @param held whether it may decide, store and tell now
 * @param others whether another server may follow it at any moment
 */
record Ground(Vertx vertx, HttpDoors doors, URI address, BooleanSupplier held, boolean others) {}
