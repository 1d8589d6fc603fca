package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * Folders of the system's temporary folder, removed when the tests end. Not under the checkout:
 * {@code nobody} may not be allowed to enter that.
 */
final class ScratchFolders {

    private static final Path ROOT = createRoot();

    private ScratchFolders() {}

    /** A new empty folder that every user can enter. */
    static Path create(String name) throws IOException {
        Path folder = Files.createTempDirectory(ROOT, name + "-");
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static Path createRoot() {
        try {
            Path root = Files.createTempDirectory("qwen3-it-");
            Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(root)));
            return root;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies a folder with all that is in it. */
    static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
    }

    /** Removes a folder with all that is in it, as far as it can. */
    static void delete(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException | UncheckedIOException e) {
            System.err.println("could not remove [" + folder + "]: " + e.getMessage());
        }
    }
}
