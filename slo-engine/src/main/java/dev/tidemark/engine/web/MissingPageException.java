package dev.tidemark.engine.web;

/** There is nothing under this name; the page says where all names are. */
final class MissingPageException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final String list;

  /**
   * Says what is missing.
   *
   * @param list path of the page that lists what there is
   */
  MissingPageException(String message, String list) {
    super(message);
    this.list = list;
  }

  String list() {
    return list;
  }
}
