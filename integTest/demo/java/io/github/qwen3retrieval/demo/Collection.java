package io.github.qwen3retrieval.demo;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Documents to search in, with sample queries and the documents that are labelled as their answers.
 *
 * @param about the members of {@code collection.json}: name, title, what its documents are called,
 *     a line on what it is, and their form, {@code prose} or {@code code}
 * @param documents each with {@code _id} and {@code text}
 * @param samples queries, in the order in which they are offered
 */
public record Collection(JsonObject about, List<JsonObject> documents, List<Sample> samples) {

    /**
     * A sample query.
     *
     * @param answers ids of the documents that answer it
     */
    public record Sample(String text, Set<String> answers) {}

    /**
     * Reads a collection.
     *
     * @param folder holds {@code collection.json} and, in BEIR's form, {@code corpus.jsonl}, {@code
     *     queries.jsonl} and {@code qrels.tsv}
     * @param most documents to take at most: those that answer the samples, then the first ones
     */
    public static Collection read(Path folder, int most) throws IOException {
        String text = Files.readString(folder.resolve("collection.json"));
        JsonObject about = JsonParser.parseString(text).getAsJsonObject();
        List<Sample> samples = samples(folder, about);
        List<JsonObject> documents = lines(folder.resolve("corpus.jsonl"));
        return new Collection(about, few(documents, samples, most), samples);
    }

    /** Its name, that of its folder. */
    public String name() {
        return text("name");
    }

    /** The index that holds it. */
    public String index() {
        return "qwen3-demo-" + name();
    }

    /** What its documents are called, in the plural. */
    String noun() {
        return text("documents");
    }

    private String text(String member) {
        return about.get(member).getAsString();
    }

    /** Tells these documents from others: the sha256 of all of them, in hexadecimal digits. */
    String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            documents.forEach(
                    each -> digest.update((each + "\n").getBytes(StandardCharsets.UTF_8)));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static List<JsonObject> few(
            List<JsonObject> documents, List<Sample> samples, int most) {
        Set<String> taken = new LinkedHashSet<>();
        samples.forEach(sample -> taken.addAll(sample.answers()));
        for (JsonObject document : documents) {
            if (taken.size() >= most) {
                break;
            }
            taken.add(document.get("_id").getAsString());
        }
        return documents.stream()
                .filter(document -> taken.contains(document.get("_id").getAsString()))
                .toList();
    }

    private static List<Sample> samples(Path folder, JsonObject about) throws IOException {
        Map<String, String> ids = new TreeMap<>();
        for (JsonObject query : lines(folder.resolve("queries.jsonl"))) {
            ids.put(query.get("text").getAsString(), query.get("_id").getAsString());
        }
        Map<String, Set<String>> answers = new TreeMap<>();
        List<String> labels = Files.readAllLines(folder.resolve("qrels.tsv"));
        for (String label : labels.subList(1, labels.size())) {
            String[] columns = label.split("\t");
            answers.computeIfAbsent(columns[0], id -> new LinkedHashSet<>()).add(columns[1]);
        }
        List<Sample> samples = new ArrayList<>();
        for (JsonElement each : about.getAsJsonArray("samples")) {
            String text = each.getAsString();
            samples.add(new Sample(text, answers.get(ids.get(text))));
        }
        return samples;
    }

    private static List<JsonObject> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }
}
