package dev.slipway.core.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A command that runs beside a task and is talked to while it does.
///
/// Each stream is for one thread at a time; different streams may be used by different threads.
/// Memory stays bounded: a command that writes faster than it is read is held back, so whoever
/// holds a session reads both streams of output. The engine sets no limit of sessions or of time;
/// whoever opens them does.
public interface ExecSession extends AutoCloseable {
  /// What the command reads. Bytes are on their way once written. Closing it is the end of input,
  /// which with a terminal is its end-of-file character.
  OutputStream input();

  /// What the command writes, up to its end; with a terminal its errors too.
  InputStream output();

  /// What the command writes to its standard error; nothing with a terminal.
  InputStream errors();

  /// Tells the terminal its new size, and the program in front of it. Without a terminal nothing
  /// happens.
  void resize(TerminalSize size) throws IOException;

  /// Waits until the command has ended. Signals count from 128, as in a shell.
  ///
  /// @throws IOException when the command could not be started, or the connection to it was lost
  int exitCode() throws IOException, InterruptedException;

  /// Ends the command if it still runs, with the processes that it started, and frees what is
  /// held. Processes that made themselves independent may go on until the task ends.
  @Override
  void close();
}
