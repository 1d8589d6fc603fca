package io.github.qwen3retrieval.models.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.qwen3retrieval.models.ModelException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@UsesJdkHttpServer
class RepositoryDownloadTest {

    private static final String WEIGHTS = "model.safetensors";

    private static final Patience QUICK =
            new Patience(4, Duration.ofMillis(5), Duration.ofMillis(40), Duration.ofMillis(600));

    private final byte[] weights = new byte[400_000];
    private final List<String> notes = new ArrayList<>();
    private HubServer server;

    @TempDir Path temp;

    @BeforeEach
    void start() throws IOException {
        new Random(7).nextBytes(weights);
        Map<String, byte[]> files = new HashMap<>();
        files.put("config.json", "{\"a\": 1}".getBytes(StandardCharsets.UTF_8));
        files.put("tokenizer.json", "{\"b\": 2}".getBytes(StandardCharsets.UTF_8));
        files.put("README.md", "not wanted".getBytes(StandardCharsets.UTF_8));
        files.put(WEIGHTS, weights);
        server = new HubServer(files);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void fetchesWhatMakesACheckpointAndNothingElse() throws Exception {
        download();
        assertEquals(Set.of("config.json", "tokenizer.json", WEIGHTS), names());
        assertWeights();
    }

    @Test
    void fetchesTheShardsOfAnIndex() throws Exception {
        Path folder = temp.resolve("model");
        String index =
                "{\"weight_map\": {\"a\": \"model-1.safetensors\", \"b\": \"m2.safetensors\"}}";
        server.put("model.safetensors.index.json", index.getBytes(StandardCharsets.UTF_8));
        server.put("model-1.safetensors", weights);
        server.put("m2.safetensors", new byte[] {1, 2, 3});
        server.mischief(WEIGHTS, (exchange, attempt) -> HubServer.status(exchange, 404));
        server.withoutList();
        download();
        assertArrayEquals(weights, Files.readAllBytes(folder.resolve("model-1.safetensors")));
        assertArrayEquals(
                new byte[] {1, 2, 3}, Files.readAllBytes(folder.resolve("m2.safetensors")));
    }

    @Test
    void anIndexCannotLeadOutOfTheFolder() throws Exception {
        String index = "{\"weight_map\": {\"a\": \"../../evil.safetensors\"}}";
        server.put("model.safetensors.index.json", index.getBytes(StandardCharsets.UTF_8));
        server.mischief(WEIGHTS, (exchange, attempt) -> HubServer.status(exchange, 404));
        server.withoutList();
        ModelException e = assertThrows(ModelException.class, this::download);
        assertTrue(e.getMessage().contains("../../evil.safetensors"), e.getMessage());
        assertFalse(Files.exists(temp.resolve("evil.safetensors")));
    }

    @Test
    void aDroppedConnectionIsResumed() throws Exception {
        server.mischief(
                WEIGHTS,
                (exchange, attempt) -> attempt == 1 && server.drop(exchange, weights, 150_000));
        download();
        assertWeights();
        List<String> asked = asked();
        assertEquals(2, asked.size(), asked.toString());
        assertTrue(asked.get(1).startsWith(WEIGHTS + " bytes="), asked.toString());
    }

    @Test
    void aServerWithoutRangesIsAskedFromTheStart() throws Exception {
        server.withoutRanges();
        server.mischief(
                WEIGHTS,
                (exchange, attempt) -> attempt == 1 && server.drop(exchange, weights, 150_000));
        download();
        assertWeights();
    }

    @Test
    void aBrokenOffDownloadGoesOnInTheNextRun() throws Exception {
        server.mischief(WEIGHTS, (exchange, attempt) -> server.drop(exchange, weights, 100_000));
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(e.getMessage().contains("run the same command again"), e.getMessage());
        assertFalse(Files.exists(temp.resolve("model").resolve(WEIGHTS)));
        server.mischief(WEIGHTS, (exchange, attempt) -> false);
        int before = asked().size();
        download();
        assertWeights();
        assertTrue(asked().get(before).startsWith(WEIGHTS + " bytes="), asked().toString());
    }

    @Test
    void aCompletePartIsOnlyChecked() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("model"));
        Files.write(folder.resolve(WEIGHTS + ".part"), weights);
        download();
        assertWeights();
        assertEquals(List.of(), asked());
    }

    @Test
    void aDamagedPartIsFetchedAnew() throws Exception {
        Path folder = Files.createDirectory(temp.resolve("model"));
        Files.write(folder.resolve(WEIGHTS + ".part"), new byte[1000]);
        download();
        assertWeights();
        assertTrue(notes.contains(WEIGHTS + ": wrong checksum, once more from the start"));
    }

    @Test
    void whatIsThereStays() throws Exception {
        download();
        int before = asked().size();
        download();
        assertEquals(before, asked().size());
        assertTrue(notes.contains(WEIGHTS + ": already there"), notes.toString());
    }

    @Test
    void aFileThatWasDamagedOnDiskIsFetchedAnew() throws Exception {
        download();
        Files.write(temp.resolve("model").resolve(WEIGHTS), new byte[400_000]);
        download();
        assertWeights();
    }

    @Test
    void aWrongChecksumIsNeverAccepted() throws Exception {
        server.lie(WEIGHTS, "0".repeat(64));
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(
                e.getMessage().contains("where the hub says [" + "0".repeat(64)), e.getMessage());
        assertEquals(Set.of("config.json", "tokenizer.json"), names());
    }

    @Test
    void withoutAListTheRedirectsChecksumCounts() throws Exception {
        server.withoutList();
        server.mischief(
                WEIGHTS,
                (exchange, attempt) -> {
                    if (exchange.getRequestURI().getPath().startsWith("/cdn/")) {
                        return false;
                    }
                    exchange.getResponseHeaders()
                            .set("X-Linked-ETag", "\"" + "1".repeat(64) + "\"");
                    exchange.getResponseHeaders().set("Location", "/cdn/resolve/" + WEIGHTS);
                    return HubServer.status(exchange, 302);
                });
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(
                e.getMessage().contains("where the hub says [" + "1".repeat(64)), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 500, 502, 503})
    void passingTroubleIsWaitedFor(int status) throws Exception {
        server.mischief(
                WEIGHTS,
                (exchange, attempt) -> {
                    exchange.getResponseHeaders().set("Retry-After", "1");
                    return attempt <= 2 && HubServer.status(exchange, status);
                });
        download();
        assertWeights();
    }

    @Test
    void aSilentServerIsGivenUpAndAskedAgain() throws Exception {
        server.mischief(
                WEIGHTS,
                (exchange, attempt) -> {
                    if (attempt > 1) {
                        return false;
                    }
                    exchange.sendResponseHeaders(200, weights.length);
                    exchange.getResponseBody().write(weights, 0, 50_000);
                    exchange.getResponseBody().flush();
                    sleep(3000);
                    return true;
                });
        download();
        assertWeights();
        assertEquals(WEIGHTS + " bytes=50000-", asked().get(1));
    }

    @Test
    void aSlowServerIsWaitedFor() throws Exception {
        server.mischief(
                WEIGHTS,
                (exchange, attempt) -> {
                    exchange.sendResponseHeaders(200, weights.length);
                    for (int i = 0; i < 4; i++) {
                        exchange.getResponseBody().write(weights, i * 100_000, 100_000);
                        exchange.getResponseBody().flush();
                        sleep(250);
                    }
                    exchange.close();
                    return true;
                });
        download();
        assertWeights();
        assertEquals(1, asked().size());
    }

    @Test
    void aMissingRepositoryIsNamed() {
        HubException e = assertThrows(HubException.class, () -> download("test/other"));
        assertTrue(e.getMessage().contains("no checkpoint [test/other]"), e.getMessage());
    }

    @Test
    void aPrivateRepositoryAsksForAToken() {
        server.mischief("list", (exchange, attempt) -> HubServer.status(exchange, 401));
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(e.getMessage().contains("HF_TOKEN"), e.getMessage());
    }

    @Test
    void aListThatIsNoneIsRefused() {
        server.mischief(
                "list",
                (exchange, attempt) -> {
                    exchange.sendResponseHeaders(200, 6);
                    exchange.getResponseBody().write("<html>".getBytes(StandardCharsets.UTF_8));
                    exchange.close();
                    return true;
                });
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(e.getMessage().contains("is no list of files"), e.getMessage());
    }

    @Test
    void redirectsToPlainHttpElsewhereAreRefused() {
        server.mischief(
                WEIGHTS,
                (exchange, attempt) -> {
                    exchange.getResponseHeaders().set("Location", "http://localhost:1/x");
                    return HubServer.status(exchange, 302);
                });
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(e.getMessage().contains("neither https nor the hub named"), e.getMessage());
    }

    @Test
    void endlessRedirectsAreGivenUp() {
        server.mischief(
                WEIGHTS,
                (exchange, attempt) -> {
                    exchange.getResponseHeaders().set("Location", "/x/" + WEIGHTS);
                    return HubServer.status(exchange, 302);
                });
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(e.getMessage().contains("redirected more than 10 times"), e.getMessage());
    }

    @Test
    void withoutANetworkItSaysHowToCopyByHand() {
        server.close();
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(e.getMessage().startsWith("no connection to [" + server.address() + "]"));
        assertTrue(e.getMessage().contains("copy config.json, tokenizer.json and every"));
        assertTrue(e.getMessage().contains(temp.resolve("model").toString()), e.getMessage());
    }

    @Test
    void aFolderThatCannotBeIsNamed() throws Exception {
        Path file = Files.writeString(temp.resolve("model"), "a file");
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(e.getMessage().startsWith("folder [" + file + "] cannot be written"));
    }

    @Test
    void moreBytesThanTheDiskHasAreRefusedAtOnce() {
        server.mischief(
                "list",
                (exchange, attempt) -> {
                    byte[] list =
                            ("[{\"type\":\"file\",\"path\":\""
                                            + WEIGHTS
                                            + "\",\"size\":4000000000000000}]")
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, list.length);
                    exchange.getResponseBody().write(list);
                    exchange.close();
                    return true;
                });
        HubException e = assertThrows(HubException.class, this::download);
        assertTrue(e.getMessage().contains("more bytes but the disk of"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"model", "../x", "a/../b", "a/b/c", "/a", "a/", "a b/c", ""})
    void otherRepositoryNamesAreRefused(String name) {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> download(name));
        assertTrue(e.getMessage().contains("got [" + name + "]"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "hub", "http://", "file:///etc"})
    void otherHubsAreRefused(String from) {
        assertThrows(
                IllegalArgumentException.class,
                () -> new RepositoryDownload("a/b", from, null, QUICK, new Notes()));
    }

    @Test
    void modelScopesListAndPathsAreRead() {
        Hub hub = new ModelScope(java.net.URI.create(server.address()));
        assertEquals(
                server.address() + "/models/Qwen/Q/resolve/master/config.json",
                hub.file("Qwen/Q", hub.defaultRevision(), "config.json").toString());
        String list =
                "{\"Data\":{\"Files\":[{\"Type\":\"blob\",\"Path\":\"config.json\",\"Size\":3,"
                        + "\"Sha256\":\""
                        + "a".repeat(64)
                        + "\"},{\"Type\":\"tree\"}]}}";
        List<RemoteFile> files = hub.parse(com.google.gson.JsonParser.parseString(list));
        assertEquals(
                List.of(new RemoteFile("config.json", 3, Checksum.sha256("a".repeat(64)))), files);
    }

    private void download() throws IOException, InterruptedException {
        download("test/model");
    }

    private void download(String repository) throws IOException, InterruptedException {
        try (RepositoryDownload download =
                new RepositoryDownload(repository, server.address(), null, QUICK, new Notes())) {
            download.into(temp.resolve("model"));
        }
    }

    private void assertWeights() throws IOException {
        assertArrayEquals(weights, Files.readAllBytes(temp.resolve("model").resolve(WEIGHTS)));
        assertFalse(Files.exists(temp.resolve("model").resolve(WEIGHTS + ".part")));
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("model"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    private List<String> asked() {
        return server.requests().stream().filter(line -> line.startsWith(WEIGHTS)).toList();
    }

    private static void sleep(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private final class Notes implements Progress {
        @Override
        public void file(String name, long done, long total) {}

        @Override
        public void bytes(long done) {}

        @Override
        public void note(String line) {
            notes.add(line);
        }
    }
}
