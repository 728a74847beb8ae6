package dev.slipway.endtoend;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The law of dependencies, and that the core is pure.
class ArchitectureTest {
  private static JavaClasses product = new ClassFileImporter().importPackages("dev.slipway.none");

  @BeforeAll
  static void readClasses() {
    product =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar"))
            .importPackages("dev.slipway");
    assertThat(product.size()).isGreaterThan(300);
  }

  @Test
  void theCoreUsesNothingButTheJavaBaseModuleAndJSpecify() {
    check(
        classes()
            .that()
            .resideInAPackage("dev.slipway.core..")
            .should()
            .onlyDependOnClassesThat(
                resideInAnyPackage(
                    "dev.slipway.core..",
                    "org.jspecify.annotations..",
                    "java.lang..",
                    "java.util..",
                    "java.time..",
                    "java.math..",
                    "java.io..",
                    "java.nio..",
                    "")));
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.slipway.core..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "java.util.logging..", "java.util.prefs..", "java.lang.management.."));
  }

  @Test
  void theCoreKnowsNoClockNoRandomnessNoThreadsAndNoFiles() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.slipway.core..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(UUID.class, "randomUUID")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Random.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(ThreadLocalRandom.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Thread.class)
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Files.class));
  }

  @Test
  void adaptersDoNotSeeEachOther() {
    String[] adapters = {"journal", "artifacts", "engine.local", "engine.kubernetes"};
    for (String adapter : adapters) {
      check(
          noClasses()
              .that()
              .resideInAPackage("dev.slipway." + adapter + "..")
              .should()
              .dependOnClassesThat(
                  resideInAnyPackage("dev.slipway..")
                      .and(
                          resideOutsideOfPackages(
                              "dev.slipway." + adapter + "..", "dev.slipway.core.."))));
    }
  }

  @Test
  void onlyTheWiringOfTheServerSeesAllAdapters() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.slipway.server..")
            .and(not(resideInAnyPackage("dev.slipway.server")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                "dev.slipway.engine.local..",
                "dev.slipway.engine.kubernetes..",
                "dev.slipway.artifacts.."));
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.slipway.server..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("dev.slipway.cli.."));
  }

  @Test
  void theExampleIsCodeOfAUser() {
    check(
        noClasses()
            .that()
            .resideInAPackage("dev.slipway.example..")
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("dev.slipway..")
                    .and(resideOutsideOfPackages("dev.slipway.example.."))));
  }

  private static void check(ArchRule rule) {
    rule.check(product);
  }
}
