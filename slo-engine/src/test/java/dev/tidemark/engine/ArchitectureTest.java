package dev.tidemark.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.tidemark");

  @Test
  void what_decides_touches_no_server_database_network_file_or_thread() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.tidemark.engine.model",
            "dev.tidemark.engine.definition",
            "dev.tidemark.engine.evaluate",
            "dev.tidemark.engine.budget",
            "dev.tidemark.engine.condition",
            "dev.tidemark.engine.lineage")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "java.sql..", "java.nio.file..", "java.net.http..")
        .orShould()
        .dependOnClassesThat()
        .areAssignableTo(Thread.class)
        .check(MAIN);
  }

  @Test
  void alerting_runbooks_and_dashboards_know_no_other_module() {
    for (String module : new String[] {"alerting", "runbooks", "dashboards"}) {
      noClasses()
          .that()
          .resideInAPackage("dev.tidemark." + module + "..")
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.base.DescribedPredicate.describe(
                  "belong to another module",
                  type ->
                      type.getPackageName().startsWith("dev.tidemark.")
                          && !(type.getPackageName() + ".")
                              .startsWith("dev.tidemark." + module + ".")))
          .allowEmptyShould(true)
          .check(MAIN);
    }
  }

  @Test
  void tests_are_where_they_are_looked_for() {
    methods()
        .that()
        .areAnnotatedWith(Test.class)
        .should()
        .beDeclaredInClassesThat()
        .haveSimpleNameEndingWith("Test")
        .orShould()
        // Examples may stand beside the properties that they illustrate.
        .beDeclaredInClassesThat()
        .haveSimpleNameEndingWith("Properties")
        .orShould()
        // Contracts are abstract: the tests that extend them run them.
        .beDeclaredInClassesThat()
        .haveSimpleNameEndingWith("Contract")
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.OnlyIncludeTests())
                .importPackages("dev.tidemark"));
  }
}
