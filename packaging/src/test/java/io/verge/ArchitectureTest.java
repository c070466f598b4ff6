package io.verge;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The import directions of the layout (ARCHITECTURE.md, "Directions"), held by the build. */
class ArchitectureTest {
  private static final JavaClasses ALL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(where -> !where.contains("-tests.jar"))
          .importPackages("io.verge");

  /** A floor, so that these rules can't pass by looking at nothing. */
  @Test
  void seesTheWholeProduct() {
    assertThat(ALL.size()).isGreaterThan(250);
    assertThat(ALL.containPackage("io.verge.drivers.modbus")).isTrue();
    assertThat(ALL.containPackage("io.verge.simulator.wire")).isTrue();
  }

  /** The rule that forbids it elsewhere must know what it looks for. */
  @Test
  void runtimeUsesTheServiceLoader() {
    assertThat(
            ALL.stream()
                .filter(
                    one ->
                        one.getDirectDependenciesFromSelf().stream()
                            .anyMatch(
                                to ->
                                    to.getTargetClass()
                                        .getName()
                                        .equals("java.util.ServiceLoader")))
                .map(one -> one.getPackageName())
                .distinct())
        .containsExactly("io.verge.runtime");
  }

  @Test
  void leavesKnowNothingElse() {
    mayImport("io.verge.model", "io.verge.model");
    mayImport("io.verge.bytes", "io.verge.bytes");
    mayImport("io.verge.time", "io.verge.time", "io.verge.model");
    mayImport("io.verge.health", "io.verge.health", "io.verge.model", "io.verge.time");
  }

  @Test
  void stagesKnowOnlyWhatTheDirectionsAllow() {
    mayImport("io.verge.driver", "io.verge.driver", "io.verge.model", "io.verge.bytes");
    mayImport(
        "io.verge.transport..",
        "io.verge.transport..",
        "io.verge.time",
        "io.verge.bytes",
        "io.verge.model");
    mayImport(
        "io.verge.poll",
        "io.verge.poll",
        "io.verge.driver",
        "io.verge.transport",
        "io.verge.health",
        "io.verge.model",
        "io.verge.time",
        "io.verge.bytes");
    mayImport(
        "io.verge.wire..",
        "io.verge.wire..",
        "io.verge.model",
        "io.verge.bytes",
        "io.verge.driver");
    mayImport(
        "io.verge.store",
        "io.verge.store",
        "io.verge.wire",
        "io.verge.poll",
        "io.verge.health",
        "io.verge.model",
        "io.verge.time",
        "io.verge.bytes");
    mayImport(
        "io.verge.uplink..",
        "io.verge.uplink..",
        "io.verge.store",
        "io.verge.poll",
        "io.verge.wire..",
        "io.verge.health",
        "io.verge.model",
        "io.verge.time",
        "io.verge.bytes");
    mayImport(
        "io.verge.command",
        "io.verge.command",
        "io.verge.driver",
        "io.verge.store",
        "io.verge.poll",
        "io.verge.wire",
        "io.verge.health",
        "io.verge.model",
        "io.verge.time",
        "io.verge.bytes");
    mayImport(
        "io.verge.autonomy",
        "io.verge.autonomy",
        "io.verge.poll",
        "io.verge.health",
        "io.verge.model",
        "io.verge.time",
        "io.verge.bytes");
    mayImport("io.verge.provision", "io.verge.provision", "io.verge.config");
    mayImport("io.verge.update", "io.verge.update", "io.verge.time", "io.verge.bytes");
    mayImport(
        "io.verge.config",
        "io.verge.config",
        "io.verge.autonomy",
        "io.verge.health",
        "io.verge.driver",
        "io.verge.transport",
        "io.verge.uplink",
        "io.verge.model",
        "io.verge.bytes");
    mayImport(
        "io.verge.local",
        "io.verge.local",
        "io.verge.health",
        "io.verge.model",
        "io.verge.time",
        "io.verge.bytes");
    mayImport(
        "io.verge.cli",
        "io.verge.cli",
        "io.verge.autonomy",
        "io.verge.local",
        "io.verge.config",
        "io.verge.driver",
        "io.verge.model",
        "io.verge.bytes");
  }

  @Test
  void pollAndUplinkMeetOnlyInTheStore() {
    // poll declares the sink that store and uplink write to; nothing else of poll is theirs.
    noClasses()
        .that(
            resideInAnyPackage(
                "io.verge.store..",
                "io.verge.uplink..",
                "io.verge.command..",
                "io.verge.autonomy.."))
        .should()
        .dependOnClassesThat()
        .haveNameMatching("io\\.verge\\.poll\\.(?!SampleSink$).*")
        .check(ALL);
  }

  @Test
  void runtimeIsTheOnlyOneThatSeesEverything() {
    noClasses()
        .that()
        .resideInAPackage("io.verge..")
        .and()
        .resideOutsideOfPackages("io.verge.runtime..", "io.verge.simulator..", "io.verge.bench..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.verge.runtime..")
        .check(ALL);
    noClasses()
        .that()
        .resideOutsideOfPackage("io.verge.runtime..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.ServiceLoader")
        .check(ALL);
  }

  @Test
  void driversAreDialoguesWithoutMachinery() {
    ArchRule rule =
        classes()
            .that()
            .resideInAPackage("io.verge.drivers..")
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    "io.verge.drivers..",
                    "io.verge.driver",
                    "io.verge.model",
                    "io.verge.bytes",
                    "java.lang..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "java.math",
                    "java.time",
                    "java.nio",
                    "java.nio.charset",
                    "org.jspecify.annotations"));
    rule.check(ALL);
    noClasses()
        .that()
        .resideInAPackage("io.verge.drivers..")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.Thread")
        .check(ALL);
    slices().matching("io.verge.drivers.(*)").should().notDependOnEachOther().check(ALL);
  }

  @Test
  void simulatorNeverImportsDrivers() {
    noClasses()
        .that()
        .resideInAPackage("io.verge.simulator..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.verge.drivers..")
        .check(ALL);
  }

  @Test
  void eachLibraryHasOneHome() {
    only("java.sql..", "io.verge.store..", "io.verge.simulator..");
    only("org.eclipse.paho..", "io.verge.uplink.mqtt..", "io.verge.simulator..");
    only("org.eclipse.californium..", "io.verge.uplink.coap..", "io.verge.simulator..");
    only("com.fazecast..", "io.verge.transport.serial..", "io.verge.simulator..");
    only("com.pi4j..", "io.verge.transport.gpio..");
    only("org.eclipse.tahu..", "io.verge.simulator.sparkplug..");
    only("com.google.protobuf..", "io.verge.simulator.sparkplug..");
    only("org.tomlj..", "io.verge.config..");
    only(
        "picocli..",
        "io.verge.cli..",
        "io.verge.simulator..",
        "io.verge.runtime..",
        "io.verge.bench..");
    only(
        "com.sun.jna..", "io.verge.transport.gpio..", "io.verge.simulator..", "io.verge.runtime..");
  }

  @Test
  void clocksSleepingAndThreadsLiveInTimeAndRuntime() {
    noClasses()
        .that()
        .resideOutsideOfPackages(
            "io.verge.time..", "io.verge.runtime..", "io.verge.simulator..", "io.verge.bench..")
        .and()
        .resideOutsideOfPackage("io.verge.cli..")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callConstructor(Thread.class, Runnable.class)
        .orShould()
        .callConstructor(Thread.class, Runnable.class, String.class)
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.util.concurrent.Executors")
        .check(ALL);
  }

  @Test
  void onlyTheCommandLineTouchesStandardStreams() {
    noClasses()
        .that()
        .resideInAPackage("io.verge..")
        .and()
        .resideOutsideOfPackages(
            "io.verge.cli..", "io.verge.runtime..", "io.verge.simulator..", "io.verge.bench..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(System.class, "exit", int.class)
        .check(ALL);
  }

  private static void mayImport(String from, String... allowed) {
    List<String> packages = new ArrayList<>(List.of(allowed));
    noClasses()
        .that()
        .resideInAPackage(from)
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("io.verge..")
                .and(
                    com.tngtech.archunit.base.DescribedPredicate.not(
                        resideInAnyPackage(packages.toArray(new String[0])))))
        .check(ALL);
  }

  private static void only(String library, String... homes) {
    noClasses()
        .that()
        .resideOutsideOfPackages(homes)
        .should()
        .dependOnClassesThat()
        .resideInAPackage(library)
        .check(ALL);
  }
}
