package dev.slipway.journal;

import dev.slipway.core.state.State;
import java.io.InputStream;
import java.io.OutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.databind.SerializationFeature;

/// The state as one JSON object and back, exactly. It streams: neither side holds the whole text.
/// Stateless, for any number of threads.
public final class StateCodec {
  private StateCodec() {}

  /// Writes the state and leaves `out` open.
  public static void write(State state, OutputStream out) {
    CoreJson.MAPPER
        .writer()
        .without(StreamWriteFeature.AUTO_CLOSE_TARGET)
        .without(SerializationFeature.WRAP_EXCEPTIONS) // What `out` throws reaches the caller.
        .writeValue(out, state);
  }

  /// @throws UnreadableJson when the text is not what {@link #write} gives
  public static State read(InputStream in) {
    try {
      return CoreJson.MAPPER.readValue(in, State.class);
    } catch (JacksonException problem) {
      throw new UnreadableJson("the state cannot be read: " + CoreJson.problem(problem));
    }
  }
}
