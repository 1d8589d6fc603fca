package io.github.qwen3retrieval.models.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.qwen3retrieval.models.checkpoint.CheckpointFiles;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Fetches a repository's checkpoint into a folder. */
public final class RepositoryDownload implements AutoCloseable {

    private static final Pattern REPOSITORY =
            Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9][A-Za-z0-9._-]*");

    /** A list of files has a few kilobytes. */
    private static final int MAX_LIST_BYTES = 16 << 20;

    private final Hub hub;
    private final String repository;
    private final String revision;
    private final Connection connection;
    private final Progress progress;
    private final FileDownload download;

    /**
     * A download, not begun yet.
     *
     * @param repository such as Qwen/Qwen3-Embedding-0.6B
     * @param from huggingface, modelscope, or the address of a server with Hugging Face's paths
     * @param revision branch, tag or commit, or null for the hub's default
     * @throws IllegalArgumentException if repository or hub are malformed
     */
    public RepositoryDownload(
            String repository, String from, String revision, Patience patience, Progress progress) {
        if (REPOSITORY.matcher(repository).matches() == false) {
            throw new IllegalArgumentException(
                    "REPO must be of the form [Qwen/Qwen3-Embedding-0.6B], got ["
                            + repository
                            + "]");
        }
        this.hub = Hub.named(from);
        this.repository = repository;
        this.revision = revision == null ? hub.defaultRevision() : revision;
        this.progress = progress;
        this.connection = new Connection(hub.base(), patience.stall(), System.getenv("HF_TOKEN"));
        this.download = new FileDownload(connection, patience, progress);
    }

    /**
     * Fetches every file of the checkpoint; what is there already with the right checksum stays,
     * what was begun goes on.
     *
     * @throws HubException with what to do, if it cannot be had
     */
    public void into(Path folder) throws IOException, InterruptedException {
        makeWritable(folder);
        try {
            Map<String, RemoteFile> listed = list();
            requireSpace(folder, listed);
            for (String name : CheckpointFiles.REQUIRED) {
                fetch(name, listed, folder);
            }
            for (String name : CheckpointFiles.OPTIONAL) {
                fetchIfThere(name, listed, folder);
            }
            fetchWeights(listed, folder);
        } catch (HttpStatusException e) {
            throw refused(e);
        } catch (ConnectException | UnknownHostException | HttpTimeoutException e) {
            throw offline(e, folder);
        } catch (HubException e) {
            throw e;
        } catch (IOException e) {
            throw new HubException(
                    "the download broke off: "
                            + e.getMessage()
                            + "; run the same command again, it goes on where it ended",
                    e);
        }
    }

    @Override
    public void close() {
        connection.close();
    }

    private void fetchWeights(Map<String, RemoteFile> listed, Path folder)
            throws IOException, InterruptedException {
        if (fetchIfThere(CheckpointFiles.WEIGHTS, listed, folder)) {
            return;
        }
        fetch(CheckpointFiles.INDEX, listed, folder);
        for (String shard : CheckpointFiles.shards(folder)) {
            fetch(shard, listed, folder);
        }
    }

    private boolean fetchIfThere(String name, Map<String, RemoteFile> listed, Path folder)
            throws IOException, InterruptedException {
        if (listed.isEmpty() == false && listed.containsKey(name) == false) {
            return false;
        }
        try {
            fetch(name, listed, folder);
            return true;
        } catch (HttpStatusException e) {
            if (e.isMissing()) {
                return false;
            }
            throw e;
        }
    }

    private void fetch(String name, Map<String, RemoteFile> listed, Path folder)
            throws IOException, InterruptedException {
        RemoteFile file = listed.getOrDefault(name, new RemoteFile(name, -1, null));
        download.fetch(hub.file(repository, revision, name), file, folder.resolve(name));
    }

    /** The listed files by name, or nothing where the server has no list. */
    private Map<String, RemoteFile> list() throws IOException, InterruptedException {
        URI uri = hub.list(repository, revision);
        Map<String, RemoteFile> files = new LinkedHashMap<>();
        Path answer = Files.createTempFile("qwen3-list", ".json");
        try {
            download.receive(uri, new RemoteFile("list of files", -1, null), answer);
            for (RemoteFile file : parse(uri, answer)) {
                files.put(file.name(), file);
            }
        } catch (HttpStatusException e) {
            if (e.isMissing() == false) {
                throw e;
            }
            progress.note("[" + hub.base() + "] has no list of files, asking for each");
        } finally {
            Files.deleteIfExists(answer);
        }
        return files;
    }

    private List<RemoteFile> parse(URI uri, Path answer) throws IOException {
        try (InputStream stream = Files.newInputStream(answer)) {
            byte[] bytes = stream.readNBytes(MAX_LIST_BYTES);
            JsonElement list = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8));
            return hub.parse(list);
        } catch (JsonParseException
                | ClassCastException
                | IllegalStateException
                | NullPointerException
                | UnsupportedOperationException
                | NumberFormatException e) {
            throw new HubException(
                    "[" + uri + "] is no list of files: is [" + hub.base() + "] such a hub?", e);
        }
    }

    private static void makeWritable(Path folder) throws HubException {
        try {
            Files.createDirectories(folder);
            Files.delete(Files.createTempFile(folder, ".qwen3", ".probe"));
        } catch (IOException e) {
            throw new HubException(
                    "folder ["
                            + folder.toAbsolutePath()
                            + "] cannot be written: "
                            + e.getClass().getSimpleName()
                            + "; name another with --into, or run as the user who owns it",
                    e);
        }
    }

    private static void requireSpace(Path folder, Map<String, RemoteFile> listed)
            throws IOException {
        long wanted = 0;
        for (RemoteFile file : listed.values()) {
            if (CheckpointFiles.isWanted(file.name())) {
                Path target = folder.resolve(file.name());
                Path part = folder.resolve(file.name() + ".part");
                wanted += Files.exists(target) ? 0 : Math.max(0, file.size());
                wanted -= Files.exists(part) ? Files.size(part) : 0;
            }
        }
        long usable = Files.getFileStore(folder).getUsableSpace();
        if (wanted > usable) {
            throw new HubException(
                    "the files take ["
                            + wanted
                            + "] more bytes but the disk of ["
                            + folder.toAbsolutePath()
                            + "] has ["
                            + usable
                            + "] left; make room or name another folder with --into");
        }
    }

    private HubException refused(HttpStatusException e) {
        String remedy =
                e.isForbidden()
                        ? ": the repository is private or gated; set HF_TOKEN to a token that may"
                                + " read it"
                        : e.isMissing()
                                ? ": no checkpoint ["
                                        + repository
                                        + "] at revision ["
                                        + revision
                                        + "]; look for it at ["
                                        + hub.base()
                                        + "]"
                                : ": try again later; what is there is kept";
        return new HubException(e.getMessage() + remedy, e);
    }

    private HubException offline(IOException e, Path folder) {
        return new HubException(
                "no connection to ["
                        + hub.base()
                        + "] ("
                        + e.getClass().getSimpleName()
                        + "): with another hub, name it by --from; without a network, fetch ["
                        + repository
                        + "] on another machine and copy config.json, tokenizer.json and every"
                        + " safetensors file into ["
                        + folder.toAbsolutePath()
                        + "]",
                e);
    }
}
