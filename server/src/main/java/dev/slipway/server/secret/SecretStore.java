package dev.slipway.server.secret;

import dev.slipway.core.engine.Epoch;
import dev.slipway.core.engine.SecretReader;
import dev.slipway.core.engine.SecretUnreadable;
import dev.slipway.core.engine.SecretValue;
import dev.slipway.core.engine.StaleEpoch;
import dev.slipway.journal.JournalDamaged;
import dev.slipway.journal.JournalException;
import dev.slipway.journal.SealedValue;
import dev.slipway.journal.SealedValues;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The secrets of the platform. Values lie sealed in the journal's database and their keys in a
/// file of the data directory; neither is kept in memory, so that a key file that is put back, or
/// its rights mended, helps at once.
///
/// Changes are made one at a time; reads go on beside them. All that needs a key throws
/// [SecretUnreadable] when the key file is missing, unsafe or wrong, with a message that says what
/// to do. All may throw what [SealedValues] throws.
public final class SecretStore implements SecretReader {
  /// The largest value, in bytes.
  public static final int MAX_VALUE_BYTES = 64 * 1024;

  /// How many secrets there may be.
  public static final int MAX_SECRETS = 1000;

  private static final Logger LOG = LoggerFactory.getLogger(SecretStore.class);

  /// How many values a step of a rotation seals anew: appends wait for one step at most.
  private static final int RESEALED_AT_ONCE = 16;

  /// A rotation may end between the look at a value and the look at the keys; two cannot.
  private static final int READ_ATTEMPTS = 3;

  private final SealedValues values;
  private final KeyFile keyFile;
  private final Supplier<Epoch> epoch;
  private final InstantSource clock;
  private final boolean common;
  private final ReentrantLock changing = new ReentrantLock();

  /// What is told of a secret: never its value.
  public record Entry(SecretName name, Instant created, Instant changed) {}

  /// What became of values that were to be stored.
  public sealed interface Outcome {
    record Stored(List<SecretName> created, List<SecretName> replaced) implements Outcome {}

    /// Nothing was stored: there is no room for so many.
    record Full(String message) implements Outcome {}

    /// Nothing was stored: a value is larger than [#MAX_VALUE_BYTES].
    record TooLarge(String message) implements Outcome {}
  }

  /// @param key the id of the key that all values are sealed with now
  /// @param resealed how many there are
  public record Rotation(String key, int resealed) {}

  /// @param directory the data directory, which holds the key file
  /// @param epoch of the leadership that this store writes for, which may be renewed meanwhile
  public SecretStore(
      SealedValues values, Path directory, Supplier<Epoch> epoch, InstantSource clock) {
    this(values, directory, epoch, clock, false);
  }

  /// @param common whether other servers have the same key file, so that this one must not change
  /// it
  public SecretStore(
      SealedValues values,
      Path directory,
      Supplier<Epoch> epoch,
      InstantSource clock,
      boolean common) {
    this.common = common;
    this.values = values;
    this.keyFile = new KeyFile(directory.resolve(KeyFile.NAME));
    this.epoch = epoch;
    this.clock = clock;
  }

  /// Ends a rotation that a crash interrupted. A store that cannot be used, or a journal that is
  /// away, is told in the log and keeps nobody from starting: apps without secrets run as ever.
  public void start() {
    changing.lock();
    try {
      Optional<SealingKeys> keys = usableKeys();
      if (keys.filter(SealingKeys::isRotating).isPresent()) {
        finishRotation();
      }
    } catch (SecretUnreadable | JournalDamaged problem) {
      LOG.error("secrets.unusable reason=\"{}\"", problem.getMessage());
    } catch (IOException | JournalException | StaleEpoch problem) {
      // A rotation may wait: everything is readable, and the next start goes on.
      LOG.warn("secrets.rotation.unfinished reason=\"{}\"", problem.getMessage());
    } finally {
      changing.unlock();
    }
  }

  /// Finds out whether the keys of all values are here, before this server leads.
  ///
  /// @throws SecretUnreadable when they are not
  public void requireKeys() {
    var _ = usableKeys();
  }

  @Override
  public Optional<SecretValue> read(String source) {
    Optional<SecretName> name = SecretName.parse(source);
    for (int attempt = 1; name.isPresent(); attempt++) {
      Optional<SealedValue> sealed = sealed(name.get());
      if (sealed.isEmpty()) {
        return Optional.empty();
      }
      Optional<SealingKeys> keys = keyFile.read();
      Optional<SealingKey> key = keys.flatMap(known -> known.byId(sealed.get().key()));
      if (key.isPresent()) {
        return Optional.of(SecretValue.of(opened(key.get(), sealed.get())));
      }
      if (attempt == READ_ATTEMPTS) {
        throw keyless(keys, 1, sealed.get().key());
      }
    }
    return Optional.empty();
  }

  /// All of them, by name.
  public List<Entry> list() {
    // A name that is none is damage, of which `journal check` tells.
    return values.list().stream()
        .flatMap(
            entry ->
                SecretName.parse(entry.name())
                    .map(name -> new Entry(name, entry.created(), entry.changed()))
                    .stream())
        .toList();
  }

  /// Those of the sources that the store has nothing for, each once, in order.
  public List<String> missing(Collection<String> sources) {
    if (sources.isEmpty()) {
      return List.of();
    }
    var missing = new TreeSet<>(sources);
    values.list().forEach(entry -> missing.remove(entry.name()));
    return List.copyOf(missing);
  }

  /// What to tell the owner of an app that refers to a secret that is missing.
  public static String advice(String source) {
    return SecretName.parse(source)
        .map(
            name ->
                "the secret '%s' is not in the store; set it with: slipway secret set %s"
                    .formatted(name, name))
        .orElse("'" + source + "': " + SecretName.GRAMMAR_ADVICE);
  }

  /// Stores the values, all or none, in the place of those of the same names.
  public Outcome put(SortedMap<SecretName, SecretValue> fresh) {
    for (var entry : fresh.entrySet()) {
      if (entry.getValue().length() > MAX_VALUE_BYTES) {
        return new Outcome.TooLarge(
            "the value of '%s' is larger than %d bytes".formatted(entry.getKey(), MAX_VALUE_BYTES));
      }
    }
    changing.lock();
    try {
      var before = new TreeSet<SecretName>();
      list().forEach(entry -> before.add(entry.name()));
      List<SecretName> created =
          fresh.keySet().stream().filter(name -> !before.contains(name)).toList();
      if (before.size() + created.size() > MAX_SECRETS) {
        return new Outcome.Full("there is room for %d secrets only".formatted(MAX_SECRETS));
      }
      SealingKey key = usableKeys().orElseGet(this::firstKeys).current();
      Instant now = Instant.ofEpochMilli(clock.millis());
      List<SealedValue> sealed = new ArrayList<>();
      fresh.forEach(
          (name, value) ->
              sealed.add(
                  SealedValue.of(name.value(), key.id(), key.seal(name, value.bytes()), now)));
      values.put(sealed, epoch.get());
      return new Outcome.Stored(created, fresh.keySet().stream().filter(before::contains).toList());
    } finally {
      changing.unlock();
    }
  }

  /// Removes a secret. It needs no key: what cannot be read any more can be removed.
  ///
  /// @return whether there was one
  public boolean remove(SecretName name) {
    changing.lock();
    try {
      return values.remove(name.value(), epoch.get());
    } finally {
      changing.unlock();
    }
  }

  /// Makes a new key, seals all values with it and forgets the keys before. After a crash on the
  /// way everything is readable, and the next start or the next rotation goes on.
  public Rotation rotate() {
    if (common) {
      throw new SecretUnreadable(
          "several servers have the key file %s in common, and this one changes it for none: put a new key before the old one into the file of each, then have the leader hand over"
              .formatted(keyFile.path()));
    }
    changing.lock();
    try {
      if (usableKeys().filter(SealingKeys::isRotating).isPresent()) {
        var _ = finishRotation();
      }
      beginRotation();
      return finishRotation();
    } catch (IOException failure) {
      throw new SecretUnreadable(
          "the key file %s cannot be written: %s; all secrets are readable as before"
              .formatted(keyFile.path(), failure.getMessage()),
          failure);
    } finally {
      changing.unlock();
    }
  }

  /// The first step: from now on there are two keys.
  void beginRotation() throws IOException {
    SealingKeys keys = usableKeys().orElseGet(this::firstKeys);
    keyFile.write(keys.followedBy(SealingKey.random()));
  }

  private Rotation finishRotation() throws IOException {
    while (resealSome()) {
      // Ends: each step leaves fewer values sealed with an older key, or throws.
    }
    Rotation rotation = forgetOldKeys();
    LOG.info("secrets.key.rotated key={} secrets={}", rotation.key(), rotation.resealed());
    return rotation;
  }

  /// One of the steps in the middle.
  ///
  /// @return whether there was something left to do
  boolean resealSome() {
    SealingKeys keys = requiredKeys();
    SealingKey current = keys.current();
    List<SealedValue> resealed = new ArrayList<>();
    for (SealedValues.Entry entry : values.list()) {
      if (!entry.key().equals(current.id()) && resealed.size() < RESEALED_AT_ONCE) {
        SecretName name =
            SecretName.parse(entry.name())
                .orElseThrow(
                    () ->
                        new SecretUnreadable(
                            "a secret's row is damaged; see `slipway journal check`"));
        SealedValue before = sealed(name).orElseThrow();
        SealingKey old =
            keys.byId(before.key()).orElseThrow(() -> keyless(Optional.of(keys), 1, before.key()));
        resealed.add(before.resealed(current.id(), current.seal(name, opened(old, before))));
      }
    }
    if (resealed.isEmpty()) {
      return false;
    }
    if (!values.reseal(resealed, epoch.get())) {
      throw new IllegalStateException("secrets changed while this store held the right to");
    }
    return true;
  }

  /// The last step.
  Rotation forgetOldKeys() throws IOException {
    SealingKeys keys = requiredKeys();
    List<SealedValues.Entry> entries = values.list();
    if (entries.stream().anyMatch(entry -> !entry.key().equals(keys.current().id()))) {
      throw new IllegalStateException("a key that is in use must not be forgotten");
    }
    if (!common) {
      keyFile.write(keys.currentAlone());
    }
    return new Rotation(keys.current().id(), entries.size());
  }

  private SealingKeys requiredKeys() {
    return usableKeys().orElseThrow(() -> new IllegalStateException("there is no key"));
  }

  /// The keys, if they are those of all values; nothing when neither a key nor a value exists.
  private Optional<SealingKeys> usableKeys() {
    Optional<SealingKeys> keys = keyFile.read();
    List<String> strange =
        values.list().stream()
            .map(SealedValues.Entry::key)
            .filter(id -> keys.flatMap(known -> known.byId(id)).isEmpty())
            .toList();
    if (!strange.isEmpty()) {
      throw keyless(keys, strange.size(), strange.getFirst());
    }
    return keys;
  }

  private SealingKeys firstKeys() {
    if (common) {
      throw new SecretUnreadable(
          "the key file %s is missing; several servers have it in common, so put the same one there for each (`slipway kubernetes keys` makes one)"
              .formatted(keyFile.path()));
    }
    var keys = new SealingKeys(List.of(SealingKey.random()));
    try {
      keyFile.write(keys);
    } catch (IOException failure) {
      throw new SecretUnreadable(
          "the key file %s cannot be made: %s".formatted(keyFile.path(), failure.getMessage()),
          failure);
    }
    LOG.info("secrets.key.created file={} key={}", keyFile.path(), keys.current().id());
    return keys;
  }

  private Optional<SealedValue> sealed(SecretName name) {
    try {
      return values.read(name.value());
    } catch (JournalDamaged damaged) {
      throw new SecretUnreadable(
          "the secret '%s' is damaged: set it anew. %s".formatted(name, damaged.getMessage()),
          damaged);
    }
  }

  private static byte[] opened(SealingKey key, SealedValue sealed) {
    return key.open(new SecretName(sealed.name()), sealed.body())
        .orElseThrow(
            () ->
                new SecretUnreadable(
                    "the secret '%s' was changed by someone else than this store; set it anew"
                        .formatted(sealed.name())));
  }

  private SecretUnreadable keyless(Optional<SealingKeys> keys, int secrets, String id) {
    return new SecretUnreadable(
        "the key file %s %s the key %s that %d of the secrets are sealed with; put back the copy of it that has this key. If there is none, they are lost: remove them (`slipway secret remove NAME --force`) and set them anew"
            .formatted(
                keyFile.path(),
                keys.isPresent() ? "does not hold" : "is missing, and with it",
                id,
                secrets));
  }
}
