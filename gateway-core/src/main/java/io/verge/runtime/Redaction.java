package io.verge.runtime;

import io.verge.config.NamedFiles;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes secrets out of texts: what the files hold that a configuration names as secrets, as it is,
 * in base64 and in percent code; and whatever looks like a private key, a password in an address or
 * a value of a key called password, secret, token or psk.
 */
final class Redaction {
  static final String REMOVED = "[secret removed]";

  /** Shorter ones would take half of every text with them; they are reported instead. */
  private static final int SECRET_MIN = 4;

  private static final int SECRET_FILE_MAX = 256 << 10;

  private static final Pattern NAMED_FILE =
      Pattern.compile(
          "(?m)^\\s*(?:(?:proxy_)?password_file|psk_file|token_file|key)\\s*="
              + "\\s*[\"']([^\"'\\n\\x00]+)[\"']");

  private static final Pattern PRIVATE_KEY =
      Pattern.compile(
          "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)",
          Pattern.DOTALL);

  private static final Pattern IN_ADDRESS = Pattern.compile("(://)[^/\\s@\"']+@");

  private static final Pattern NAMED_VALUE =
      Pattern.compile(
          "(?i)((?:password|passwd|secret|token|psk|api_?key)\"?\\s*[=:]\\s*)"
              + "(\"[^\"\\n]*\"|'[^'\\n]*'|[^\\s,;}\"']+)");

  private final List<String> secrets;
  private final List<String> notes;

  private Redaction(Set<String> secrets, List<String> notes) {
    this.secrets =
        secrets.stream().sorted(Comparator.comparing(String::length).reversed()).toList();
    this.notes = List.copyOf(notes);
  }

  /**
   * @param toml text of the configuration; it need not be right.
   * @param beside folder against which the names in it are resolved.
   */
  static Redaction of(String toml, Path beside) {
    Set<String> secrets = new LinkedHashSet<>();
    List<String> notes = new ArrayList<>();
    Matcher named = NAMED_FILE.matcher(toml);
    NamedFiles files = NamedFiles.beside(beside);
    while (named.find()) {
      Path file = files.of(named.group(1));
      try {
        if (Files.size(file) > SECRET_FILE_MAX) {
          notes.add(file + " is too large for a secret; not looked for");
          continue;
        }
        add(secrets, Files.readString(file, StandardCharsets.ISO_8859_1).strip(), file, notes);
      } catch (IOException e) {
        notes.add(file + " cannot be read, so it was not looked for: " + e);
      }
    }
    return new Redaction(secrets, notes);
  }

  private static void add(Set<String> secrets, String secret, Path file, List<String> notes) {
    if (secret.length() < SECRET_MIN) {
      notes.add(file + " holds less than " + SECRET_MIN + " characters; not looked for");
      return;
    }
    secrets.add(secret);
    secrets.add(
        Base64.getEncoder()
            .withoutPadding()
            .encodeToString(secret.getBytes(StandardCharsets.ISO_8859_1)));
    secrets.add(URLEncoder.encode(secret, StandardCharsets.ISO_8859_1));
    secret.lines().filter(line -> line.length() >= 16).forEach(secrets::add);
  }

  /** What could not be looked for, and why. */
  List<String> notes() {
    return notes;
  }

  String clean(String text) {
    String clean = text;
    for (String secret : secrets) {
      clean = clean.replace(secret, REMOVED);
    }
    clean = PRIVATE_KEY.matcher(clean).replaceAll(REMOVED);
    clean = IN_ADDRESS.matcher(clean).replaceAll("$1" + Matcher.quoteReplacement(REMOVED) + "@");
    return NAMED_VALUE.matcher(clean).replaceAll("$1\"" + Matcher.quoteReplacement(REMOVED) + "\"");
  }
}
