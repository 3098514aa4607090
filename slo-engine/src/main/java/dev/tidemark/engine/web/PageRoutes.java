package dev.tidemark.engine.web;

import dev.tidemark.dashboards.PageRenderer;
import dev.tidemark.engine.api.EngineState;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;

public final class PageRoutes {
  public PageRoutes(Vertx v, EngineState s, PageRenderer p) {}

  public void mount(Router r) {}
}
