package dev.slipway.cli;

import dev.slipway.cli.Table.Column;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "secret",
    description = "Keeps passwords and keys at the server, encrypted, for apps to use.",
    footer = {
      "",
      "Examples:",
      "  slipway secret set shop/db/password",
      "  slipway secret set shop/tls.key --from-file tls.key",
      "  slipway secret list",
      "  slipway secret remove shop/db/password",
      "  slipway secret import group_vars/shop/vault.yml --prefix shop/",
      "  slipway secret rotate-key"
    })
final class SecretCommand implements ClientCommand {
  private static final String PATH = "/api/v1/secrets";

  /// The server's own limit, told before anything is sent.
  private static final int LARGEST_VALUE = 64 * 1024;

  private static final int LARGEST_VAULT = 4 * 1024 * 1024;
  private static final int LARGEST_PASSWORD = 4096;

  private final Session session;

  SecretCommand(Session session) {
    this.session = session;
  }

  @Override
  public Exit run() {
    throw Complaint.of(
            Exit.USAGE, "What about the secrets: set, list, remove, import or rotate-key?")
        .mend("See `slipway secret --help`.");
  }

  @Command(
      name = "set",
      description = "Sets a secret, typed unseen, or from the standard input or a file.",
      footer = {
        "",
        "The value is never an argument. Of the standard input, the end of the last line is left",
        "out; a file is taken as it is. At most 64 KiB.",
        "",
        "Examples:",
        "  slipway secret set shop/db/password",
        "  pass show shop/db | slipway secret set shop/db/password",
        "  slipway secret set shop/tls.key --from-file tls.key"
      })
  Integer set(
      @Parameters(paramLabel = "NAME", description = "A path, like shop/db/password.") String name,
      @Option(names = "--from-file", paramLabel = "FILE", description = "Holds the value.")
          @Nullable Path file) {
    byte[] value = value(name, file);
    if (value.length == 0) {
      throw Complaint.of(Exit.USAGE, "The value is empty").mend("Nothing was changed.");
    }
    Api.Answer answer = session.api().upload(Api.path(PATH, name), value);
    Arrays.fill(value, (byte) 0);
    return told(answer);
  }

  private byte[] value(String name, @Nullable Path file) {
    if (file != null) {
      return HiddenInput.file(file, LARGEST_VALUE);
    }
    var input = new HiddenInput(session.surroundings());
    if (!input.isTerminal()) {
      return input.standardInput(LARGEST_VALUE);
    }
    byte[] typed = input.ask("Value of " + Words.printable(name) + " (not shown): ");
    if (!Arrays.equals(typed, input.ask("Once more: "))) {
      throw Complaint.of(Exit.USAGE, "The two values differ").mend("Nothing was changed.");
    }
    return typed;
  }

  @Command(
      name = "list",
      description = "Lists the names of the secrets, and the apps that use them.",
      footer = {"", "Examples:", "  slipway secret list --json"})
  Integer list() {
    Api.Answer answer = session.api().get(PATH);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK.code();
    }
    Table table =
        new Table(
            Column.id("NAME"),
            Column.number("CHANGED"),
            Column.number("CREATED").orMissing(),
            Column.text("USED BY"));
    for (Json secret : answer.json().at("secrets").items()) {
      table.row(
          secret.at("name").text(),
          Words.age(secret.at("changedAt").text(), session.now()),
          Words.age(secret.at("createdAt").text(), session.now()),
          String.join(" ", secret.at("apps").texts()));
    }
    session.print(table, "No secrets. Set one with `slipway secret set NAME`.");
    return Exit.OK.code();
  }

  @Command(
      name = "remove",
      description = "Removes a secret.",
      footer = {"", "Examples:", "  slipway secret remove shop/db/password"})
  Integer remove(
      @Parameters(paramLabel = "NAME", description = "Its name.") String name,
      @Option(names = "--force", description = "Even if apps use it.") boolean force) {
    session.api().delete(Api.path(PATH, name) + (force ? "?force=true" : ""));
    if (!session.json()) {
      session.print(name + " is removed");
    }
    return Exit.OK.code();
  }

  @Command(
      name = "import",
      description = "Sets the secrets that an ansible-vault file holds, all or none.",
      footer = {
        "",
        "The file is decrypted here; its password is not sent. It holds names and texts in YAML:",
        "each text becomes a secret. Formats 1.1 and 1.2 are read.",
        "",
        "Examples:",
        "  slipway secret import vault.yml",
        "  slipway secret import vault.yml --prefix shop/ --vault-password-file ~/.vault"
      })
  Integer importVault(
      @Parameters(paramLabel = "FILE", description = "The encrypted file.") Path file,
      @Option(
              names = "--vault-password-file",
              paramLabel = "FILE",
              description = "Holds the vault's password; else it is typed unseen.")
          @Nullable Path passwordFile,
      @Option(
              names = "--prefix",
              paramLabel = "PATH",
              defaultValue = "",
              description = "Put before each name, like shop/.")
          String prefix) {
    byte[] vault = HiddenInput.file(file, LARGEST_VAULT);
    byte[] password = password(file, passwordFile);
    Map<String, String> secrets = new TreeMap<>();
    VaultFile.texts(vault, password, file.toString())
        .forEach((name, text) -> secrets.put(prefix + name, text));
    Arrays.fill(password, (byte) 0);
    return told(session.api().post(PATH, Json.object(Map.of("secrets", Json.object(secrets)))));
  }

  private byte[] password(Path vault, @Nullable Path file) {
    byte[] password = password(vault, file, new HiddenInput(session.surroundings()));
    if (password.length == 0) {
      throw Complaint.of(Exit.USAGE, "The vault's password is empty");
    }
    return password;
  }

  private static byte[] password(Path vault, @Nullable Path file, HiddenInput input) {
    if (file != null) {
      return HiddenInput.withoutLineEnd(HiddenInput.file(file, LARGEST_PASSWORD));
    }
    if (!input.isTerminal()) {
      throw Complaint.of(Exit.USAGE, "The vault's password cannot be typed here")
          .mend("Name a file that holds it with --vault-password-file.");
    }
    return input.ask("Vault password of " + vault + " (not shown): ");
  }

  @Command(
      name = "rotate-key",
      description = "Makes a new key and encrypts all secrets with it.",
      footer = {
        "",
        "Copy the key file anew afterwards: the copies of the old one open only old backups.",
        "",
        "Examples:",
        "  slipway secret rotate-key"
      })
  Integer rotateKey() {
    Api.Answer answer = session.api().post("/api/v1/secret-key/rotate", null);
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK.code();
    }
    Json rotation = answer.json();
    session.print(
        "%d secrets are sealed with the new key %s; the old one is forgotten"
            .formatted(rotation.at("resealed").whole(), rotation.at("key").text()));
    session.note("Copy secret.key from the server's data directory to where your backup of it is.");
    return Exit.OK.code();
  }

  /// Tells what was stored, and how running tasks come by it.
  private Integer told(Api.Answer answer) {
    if (session.json()) {
      session.printRaw(answer.body());
      return Exit.OK.code();
    }
    Json stored = answer.json();
    stored.at("created").texts().forEach(name -> session.print(name + " is set"));
    stored.at("replaced").texts().forEach(name -> session.print(name + " is replaced"));
    List<String> apps = stored.at("apps").texts();
    if (!apps.isEmpty()) {
      session.note("Tasks that run keep the old value; for the new one:");
      apps.forEach(app -> session.note("  slipway restart " + app));
    }
    return Exit.OK.code();
  }
}
