package dev.tidemark.alerting;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** Why nobody is told although something fires. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "by")
@JsonSubTypes({
  @JsonSubTypes.Type(value = SuppressedBy.BySilence.class, name = "silence"),
  @JsonSubTypes.Type(value = SuppressedBy.ByPlannedWork.class, name = "plannedWork"),
  @JsonSubTypes.Type(value = SuppressedBy.ByInhibition.class, name = "inhibition")
})
public sealed interface SuppressedBy {
  /** Returns one sentence for people. */
  String describe();

  /**
   * Somebody silenced it by hand.
   *
   * @param id the silence's id
   * @param author who
   * @param reason why
   */
  record BySilence(String id, String author, String reason) implements SuppressedBy {
    @Override
    public String describe() {
      return "silenced by " + author + ": " + reason;
    }
  }

  /**
   * A backfill or maintenance that was declared beforehand; the alert arrives with it.
   *
   * @param id the declaration's id
   * @param ticket the ticket it was declared with
   * @param reason why
   */
  record ByPlannedWork(String id, String ticket, String reason) implements SuppressedBy {
    @Override
    public String describe() {
      return "planned work " + ticket + ": " + reason;
    }
  }

  /**
   * Another alert fires that says enough.
   *
   * @param rule name of the inhibition
   * @param source the other alert, for people
   */
  record ByInhibition(String rule, String source) implements SuppressedBy {
    @Override
    public String describe() {
      return "inhibited by " + source + " (" + rule + ")";
    }
  }
}
