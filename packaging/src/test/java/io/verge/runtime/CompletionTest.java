package io.verge.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The completion as bash runs it, with a {@code verge} that answers as a street would. */
class CompletionTest {
  @TempDir private Path folder = Path.of("unset");

  private List<String> complete(String words) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8);
    Main.line(InputStream.nullInputStream(), to, to).execute("completion", "bash");
    Path script = folder.resolve("completion");
    Files.writeString(script, out.toString(StandardCharsets.UTF_8));
    Process bash =
        new ProcessBuilder(
                "bash",
                "-c",
                """
                . "$1"
                verge() { printf 'POINT VALUE\\nlamp-17/power 41.5\\nlamp-18/level 80\\nbin-3/fill 7\\n'; }
                read -r -a COMP_WORDS <<<"$2"
                [[ $2 == *' ' ]] && COMP_WORDS+=('')
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                COMP_LINE=$2
                _verge_with_names
                printf '%s\\n' "${COMPREPLY[@]}"
                """,
                "bash",
                script.toString(),
                words)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    bash.waitFor();
    return said.lines().filter(line -> !line.isBlank()).toList();
  }

  @Test
  void namesOfTheStreetAreOffered() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
    assertThat(complete("verge read lamp-"))
        .contains("lamp-17", "lamp-17/power", "lamp-18", "lamp-18/level")
        .doesNotContain("bin-3");
    assertThat(complete("verge history b")).contains("bin-3/fill");
    assertThat(complete("verge calibrate ")).contains("bin-3");
  }

  @Test
  void commandsAndOptionsAreOfferedAsBefore() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "no bash");
    assertThat(complete("verge stat")).contains("status").doesNotContain("lamp-17");
    assertThat(complete("verge read --")).contains("--json").doesNotContain("lamp-17");
    assertThat(complete("verge config ")).doesNotContain("lamp-17");
  }
}
