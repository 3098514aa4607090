package dev.tidemark.dashboards.view;

/** The entries of the navigation. */
public enum Section {
  /** {@code /dashboards/oncall}. */
  ONCALL("On-call", "/dashboards/oncall"),
  /** {@code /dashboards/executive}. */
  EXECUTIVE("Executive", "/dashboards/executive"),
  /** {@code /slos}. */
  SLOS("Objectives", "/slos"),
  /** {@code /datasets}. */
  DATASETS("Datasets", "/datasets"),
  /** {@code /dashboards/debug}. */
  DEBUG("Pipelines", "/dashboards/debug"),
  /** {@code /incidents}. */
  INCIDENTS("Incidents", "/incidents"),
  /** {@code /runbooks}. */
  RUNBOOKS("Runbooks", "/runbooks"),
  /** No entry: errors and sign-in. */
  NONE("", "");

  private final String label;
  private final String href;

  Section(String label, String href) {
    this.label = label;
    this.href = href;
  }

  /** Returns what the navigation shows. */
  public String label() {
    return label;
  }

  /** Returns where it leads. */
  public String href() {
    return href;
  }
}
