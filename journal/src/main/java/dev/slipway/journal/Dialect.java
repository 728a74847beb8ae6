package dev.slipway.journal;

/// What differs in the definitions of tables.
///
/// @param numberKey a key that is a number of 64 bits
/// @param bytes a column of bytes
record Dialect(String numberKey, String bytes) {
  static final Dialect SQLITE = new Dialect("INTEGER PRIMARY KEY", "BLOB");
  static final Dialect POSTGRES = new Dialect("BIGINT NOT NULL PRIMARY KEY", "BYTEA");
}
