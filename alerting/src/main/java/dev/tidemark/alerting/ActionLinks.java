package dev.tidemark.alerting;

/**
 * Links by which whoever holds the message may act without signing in. They are secrets of the
 * receiver: they are made when a message goes out and are kept nowhere.
 *
 * @param acknowledgeUrl asks whether to take the incident
 * @param silenceUrl asks whether to be left alone for an hour
 * @param backfillUrl asks for a ticket, a reason and how long the datasets are loaded again
 */
public record ActionLinks(String acknowledgeUrl, String silenceUrl, String backfillUrl) {}
