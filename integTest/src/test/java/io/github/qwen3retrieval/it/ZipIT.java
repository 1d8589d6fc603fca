package io.github.qwen3retrieval.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/** What is in the zip: all that is needed, and nothing that is not. */
class ZipIT {

    @Test
    void holdsExactlyTheseJars() throws IOException {
        assertEquals(
                new TreeSet<>(
                        List.of(
                                "api",
                                "gson",
                                "jna",
                                "log4j-slf4j2-impl",
                                "picocli",
                                "pytorch-engine",
                                "qwen3-ingest-processor",
                                "qwen3-models",
                                "qwen3-rescorer",
                                "qwen3-retrieval",
                                "slf4j-api",
                                "spi/qwen3-spi",
                                "tokenizers")),
                entries().stream()
                        .filter(name -> name.endsWith(".jar"))
                        .map(name -> name.replaceFirst("-\\d.*", ""))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void holdsNativesCommandLineAndLicences() throws IOException {
        Set<String> entries = entries();
        String torch = "natives/pytorch/" + System.mapLibraryName("torch_cpu");
        String tokenizers = "natives/tokenizers/" + System.mapLibraryName("tokenizers");
        for (String name :
                List.of(
                        torch,
                        "natives/pytorch/" + System.mapLibraryName("djl_torch"),
                        tokenizers,
                        "bin/qwen3",
                        "plugin-descriptor.properties",
                        "entitlement-policy.yaml",
                        "LICENSE.txt",
                        "NOTICE.txt")) {
            assertTrue(entries.contains(name), "no [" + name + "] in " + entries);
        }
    }

    private static Set<String> entries() throws IOException {
        try (ZipFile zip = new ZipFile(Installation.pluginZip().toFile())) {
            return zip.stream().map(ZipEntry::getName).collect(Collectors.toSet());
        }
    }
}
