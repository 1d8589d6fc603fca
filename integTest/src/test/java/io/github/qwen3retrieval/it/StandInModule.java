package io.github.qwen3retrieval.it;

import com.google.gson.Gson;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * A module named x-pack-inference for the distribution that lacks it: named, loaded and extended as
 * that one is, with a gson of its own as that one has, and beneath it x-pack-core with its slf4j.
 * Where Elasticsearch's module has some twenty services, it has none but those it finds.
 */
final class StandInModule {

    private static final String DESCRIPTOR = "plugin-descriptor.properties";

    private StandInModule() {}

    /** Puts it among the modules of an installation. */
    static void addTo(Installation installation) throws IOException, URISyntaxException {
        Path folder = installation.home().resolve("modules/x-pack-inference");
        Files.createDirectories(folder);
        copy(Path.of(System.getProperty("it.standin.jar")), folder);
        copy(
                Path.of(Gson.class.getProtectionDomain().getCodeSource().getLocation().toURI()),
                folder);
        Properties descriptor = new Properties();
        Path security = installation.home().resolve("modules/x-pack-security");
        try (var in = Files.newInputStream(security.resolve(DESCRIPTOR))) {
            descriptor.load(in);
        }
        descriptor.setProperty("name", "x-pack-inference");
        descriptor.setProperty(
                "classname", "io.github.qwen3retrieval.inference.standin.StandInPlugin");
        descriptor.setProperty("modulename", "org.elasticsearch.inference");
        try (var out = Files.newOutputStream(folder.resolve(DESCRIPTOR))) {
            descriptor.store(out, null);
        }
    }

    private static void copy(Path file, Path folder) throws IOException {
        Files.copy(file, folder.resolve(file.getFileName()));
    }
}
