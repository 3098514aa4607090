package dev.tidemark.engine.embedded;

import com.sun.jna.Library;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import org.jspecify.annotations.Nullable;

/**
 * The C interface of libchdb 26.7 as far as we use it. Only {@link ClickHouseProcess} may load it:
 * the library's signal handlers and HotSpot's do not share a process without care.
 *
 * <p>Source: {@code chdb.h} of the chdb project.
 */
interface Chdb extends Library {
  void chdb_set_signal_handlers_enabled(int enabled);

  @Nullable Pointer chdb_connect(int argc, String[] argv);

  void chdb_close_conn(Pointer connection);

  @Nullable Pointer chdb_query_n(
      Pointer connection, byte[] sql, NativeLong sqlLength, byte[] format, NativeLong formatLength);

  @Nullable Pointer chdb_stream_query_n(
      Pointer connection, byte[] sql, NativeLong sqlLength, byte[] format, NativeLong formatLength);

  @Nullable Pointer chdb_stream_fetch_result(Pointer connection, Pointer stream);

  @Nullable Pointer chdb_stream_insert_n(
      Pointer connection, byte[] sql, NativeLong sqlLength, byte[] format, NativeLong formatLength);

  int chdb_stream_append(Pointer stream, byte[] data, NativeLong length);

  @Nullable Pointer chdb_stream_done(Pointer stream);

  @Nullable String chdb_stream_insert_error(Pointer stream);

  void chdb_stream_cancel_insert(Pointer stream);

  void chdb_destroy_insert_stream(Pointer stream);

  NativeLong chdb_result_rows_written(Pointer result);

  NativeLong chdb_result_bytes_written(Pointer result);

  void chdb_stream_cancel_query(Pointer connection, Pointer stream);

  @Nullable Pointer chdb_result_buffer(Pointer result);

  NativeLong chdb_result_length(Pointer result);

  @Nullable String chdb_result_error(Pointer result);

  NativeLong chdb_result_rows_read(Pointer result);

  NativeLong chdb_result_bytes_read(Pointer result);

  void chdb_destroy_query_result(Pointer result);
}
