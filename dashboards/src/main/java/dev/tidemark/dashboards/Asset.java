package dev.tidemark.dashboards;

/**
 * A file that pages need.
 *
 * @param content its bytes; shared, not to be changed
 * @param contentType with charset where it is text
 * @param etag strong entity tag, with its quotes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; written to a socket as it is
public record Asset(byte[] content, String contentType, String etag) {}
