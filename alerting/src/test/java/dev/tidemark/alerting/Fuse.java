package dev.tidemark.alerting;

/** One write burns, before or after it is durable; then all is well until it is lit again. */
final class Fuse {
  private int left = -1;
  private boolean after;

  /** Returns one that is lit; see {@link #light}. */
  static Fuse lit(int writes, boolean afterTheWrite) {
    Fuse fuse = new Fuse();
    fuse.light(writes, afterTheWrite);
    return fuse;
  }

  /**
   * Lights it.
   *
   * @param writes how many go well before that; negative for all
   */
  void light(int writes, boolean afterTheWrite) {
    left = writes;
    after = afterTheWrite;
  }

  /** Writes, unless it burns. */
  void around(Runnable write) {
    boolean burns = left-- == 0;
    if (burns && !after) {
      throw new IllegalStateException("killed before the write");
    }
    write.run();
    if (burns) {
      throw new IllegalStateException("killed after the write");
    }
  }
}
