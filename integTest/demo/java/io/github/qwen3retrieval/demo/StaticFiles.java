package io.github.qwen3retrieval.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Files that are served as they are, read once: a request names one of them or nothing.
 *
 * @param files by path, such as {@code /style.css}
 */
record StaticFiles(Map<String, File> files) {

    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html; charset=utf-8",
                    "css", "text/css; charset=utf-8",
                    "js", "text/javascript; charset=utf-8",
                    "svg", "image/svg+xml",
                    "json", "application/json");

    /**
     * A file.
     *
     * @param type its media type
     */
    record File(String type, byte[] bytes) {}

    /**
     * Reads all files of known types of a folder and of those in it; none where it is missing.
     *
     * @param prefix path of the folder, such as {@code /} or {@code /app/}
     */
    static StaticFiles read(Path folder, String prefix) throws IOException {
        Map<String, File> files = new TreeMap<>();
        if (!Files.isDirectory(folder)) {
            return new StaticFiles(files);
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                String name = file.getFileName().toString();
                String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
                if (type != null) {
                    String path = prefix + folder.relativize(file).toString().replace('\\', '/');
                    files.put(path, new File(type, Files.readAllBytes(file)));
                }
            }
        }
        return new StaticFiles(files);
    }

    /** The file of a path, {@code index.html} for that of a folder, or null. */
    File at(String path) {
        return files.get(path.endsWith("/") ? path + "index.html" : path);
    }
}
