package dev.tidemark.engine.api;

import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

public final class ApiRoutes {
  public ApiRoutes(Vertx v, EngineState s, EventStream e) {}

  public void mount(Router r) {}
}
