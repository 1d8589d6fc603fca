package io.github.qwen3retrieval.models.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Duration;

/**
 * Fetches one file: into {@code NAME.part}, on from where that ends, and renames it once its size
 * and checksum are right. Not for use by several threads.
 */
final class FileDownload {

    private static final int BUFFER_BYTES = 1 << 18;

    private final Connection connection;
    private final Patience patience;
    private final Progress progress;

    FileDownload(Connection connection, Patience patience, Progress progress) {
        this.connection = connection;
        this.patience = patience;
        this.progress = progress;
    }

    /**
     * Fetches a file, unless it is there already with the right checksum.
     *
     * @throws HttpStatusException if the hub does not have it
     * @throws HubException if it cannot be had
     */
    void fetch(URI uri, RemoteFile file, Path target) throws IOException, InterruptedException {
        if (isThere(file, target)) {
            progress.note(file.name() + ": already there");
            return;
        }
        Path part = target.resolveSibling(file.name() + ".part");
        Checksum checksum = receive(uri, file, part);
        if (checksum != null && matches(part, checksum) == false) {
            progress.note(file.name() + ": wrong checksum, once more from the start");
            Files.delete(part);
            checksum = receive(uri, file, part);
            requireMatch(uri, part, checksum);
        }
        if (checksum == null) {
            progress.note(file.name() + ": the hub names no checksum, only the size was checked");
        }
        Files.move(
                part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private boolean isThere(RemoteFile file, Path target) throws IOException {
        return Files.exists(target)
                && file.checksum() != null
                && (file.size() < 0 || Files.size(target) == file.size())
                && matches(target, file.checksum());
    }

    /** Receives the whole file, trying again as long as it makes headway. */
    Checksum receive(URI uri, RemoteFile file, Path part) throws IOException, InterruptedException {
        int failures = 0;
        while (true) {
            long before = size(part);
            try {
                return receiveOnce(uri, file, part);
            } catch (HubException e) {
                throw e;
            } catch (HttpStatusException e) {
                failures = size(part) > before ? 1 : failures + 1;
                if (e.mayPass() == false) {
                    throw e;
                }
                pause(file, e, failures, e.retryAfter());
            } catch (FileSystemException e) {
                throw new HubException("[" + part + "] cannot be written: " + e.getReason(), e);
            } catch (IOException e) {
                failures = size(part) > before ? 1 : failures + 1;
                pause(file, e, failures, null);
            }
        }
    }

    /** One request; returns the checksum to hold the file against, or null. */
    private Checksum receiveOnce(URI uri, RemoteFile file, Path part)
            throws IOException, InterruptedException {
        long offset = size(part);
        if (file.size() >= 0 && offset > file.size()) {
            Files.delete(part);
            offset = 0;
        }
        if (file.size() >= 0 && offset == file.size() && file.checksum() != null) {
            return file.checksum();
        }
        Connection.Answer answer = connection.get(uri, offset);
        long start = answer.start() == offset ? offset : 0;
        long total = answer.length() < 0 ? file.size() : answer.start() + answer.length();
        try (StallGuard body = new StallGuard(answer.body(), patience.stall())) {
            if (answer.start() != start) {
                throw new IOException("the server began at [" + answer.start() + "]");
            }
            progress.file(file.name(), start, total);
            append(body, part, start);
        }
        if (total >= 0 && size(part) != total) {
            throw new IOException("[" + size(part) + "] of [" + total + "] bytes came");
        }
        return file.checksum() == null && answer.sha256() != null
                ? Checksum.sha256(answer.sha256())
                : file.checksum();
    }

    private void append(StallGuard body, Path part, long start) throws IOException {
        try (FileChannel channel =
                FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.truncate(start);
            channel.position(start);
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                progress.bytes(channel.position());
            }
            channel.force(true);
        }
    }

    private void pause(RemoteFile file, IOException failure, int failures, Duration asked)
            throws IOException, InterruptedException {
        // without a network each further try would be as vain
        int attempts =
                failure instanceof ConnectException
                        ? Math.min(2, patience.attempts())
                        : patience.attempts();
        if (failures >= attempts) {
            throw failure;
        }
        Duration pause = patience.pause(failures);
        if (asked != null && asked.compareTo(pause) > 0) {
            pause = asked.compareTo(patience.longestPause()) < 0 ? asked : patience.longestPause();
        }
        progress.note(
                file.name() + ": " + said(failure) + ", again in " + pause.toMillis() + " ms");
        Thread.sleep(pause);
    }

    private static String said(IOException failure) {
        String message = failure.getMessage();
        return message == null || message.isEmpty() ? failure.getClass().getSimpleName() : message;
    }

    private static void requireMatch(URI uri, Path part, Checksum checksum) throws IOException {
        String found = hash(part, checksum);
        if (found.equals(checksum.hex()) == false) {
            Files.delete(part);
            throw new HubException(
                    "["
                            + uri
                            + "] has the "
                            + checksum.algorithm()
                            + " ["
                            + found
                            + "] where the hub says ["
                            + checksum.hex()
                            + "]: the copy was damaged twice on its way; try again, or another hub"
                            + " with --from");
        }
    }

    private static boolean matches(Path file, Checksum checksum) throws IOException {
        return hash(file, checksum).equals(checksum.hex());
    }

    private static String hash(Path file, Checksum checksum) throws IOException {
        MessageDigest digest = checksum.digest();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
            while (channel.read(buffer.clear()) >= 0) {
                digest.update(buffer.flip());
            }
        }
        return Checksum.hex(digest);
    }

    private static long size(Path part) throws IOException {
        try {
            return Files.size(part);
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
