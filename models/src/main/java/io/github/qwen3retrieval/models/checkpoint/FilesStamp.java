package io.github.qwen3retrieval.models.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Size, time and identity of the files of a folder: tells, without reading them, whether they are
 * still the same.
 *
 * @param files the files that are there, by name
 */
public record FilesStamp(Map<String, One> files) {

    /**
     * One file.
     *
     * @param size in bytes
     * @param modified when it was written last
     * @param key device and inode, or null where the system has no such thing
     */
    public record One(long size, FileTime modified, Object key) {

        /** Whether this is the other file, whatever has become of its contents. */
        private boolean isSameFile(One other) {
            return Objects.equals(key, other.key);
        }
    }

    /** Copies the map. */
    public FilesStamp {
        files = Map.copyOf(files);
    }

    /** Files of these names in a folder; those that are not there are left out. */
    public static FilesStamp of(Path folder, Collection<String> names) {
        Map<String, One> files = new TreeMap<>();
        for (String name : names) {
            try {
                BasicFileAttributes now =
                        Files.readAttributes(folder.resolve(name), BasicFileAttributes.class);
                files.put(name, new One(now.size(), now.lastModifiedTime(), now.fileKey()));
            } catch (IOException e) {
                // not there: the stamp says so by leaving it out
            }
        }
        return new FilesStamp(files);
    }

    /** Everything that lies in a folder; nothing if it cannot be read. */
    public static FilesStamp of(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<String> names = entries.map(path -> path.getFileName().toString()).toList();
            return of(folder, names);
        } catch (IOException e) {
            return new FilesStamp(Map.of());
        }
    }

    /** The same for files of this ending alone. */
    public FilesStamp endingIn(String suffix) {
        Map<String, One> some = new TreeMap<>(files);
        some.keySet().removeIf(name -> name.endsWith(suffix) == false);
        return new FilesStamp(some);
    }

    /** How files that were once like this look now. */
    public FilesStamp again(Path folder) {
        return of(folder, files.keySet());
    }

    /**
     * The name of a file that is still the same file but was written to, or null. A file that was
     * put in its place or that is gone is none: whoever has mapped the old one still has all of it.
     *
     * @param later the same files, looked at later
     */
    public String writtenTo(FilesStamp later) {
        for (Map.Entry<String, One> file : files.entrySet()) {
            One now = later.files.get(file.getKey());
            if (now != null
                    && now.isSameFile(file.getValue())
                    && now.equals(file.getValue()) == false) {
                return file.getKey();
            }
        }
        return null;
    }
}
