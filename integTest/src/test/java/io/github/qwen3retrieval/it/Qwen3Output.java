package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What the installed command line {@code qwen3} says of texts, to compare a node's numbers with.
 *
 * @param lines one per text, in the order of the texts
 */
record Qwen3Output(List<JsonNode> lines) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Runs {@code qwen3 embed} or {@code qwen3 rerank} on texts. */
    static Qwen3Output of(
            Installation installation, String command, List<String> texts, String... arguments)
            throws IOException, InterruptedException {
        String model = command.equals("embed") ? TestModels.EMBEDDING : TestModels.RERANKER;
        List<String> all = new ArrayList<>(List.of(command, "--threads", "1", "--model"));
        all.add(TestModels.folder().resolve(model).toString());
        all.addAll(List.of(arguments));
        StringBuilder input = new StringBuilder();
        for (String text : texts) {
            input.append(JSON.createObjectNode().put("text", text)).append('\n');
        }
        Command done = installation.qwen3(input.toString(), all.toArray(String[]::new)).orFail();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : done.out().lines().toList()) {
            lines.add(JSON.readTree(line));
        }
        if (lines.size() != texts.size()) {
            throw new AssertionError(texts.size() + " texts, answers: " + lines);
        }
        return new Qwen3Output(lines);
    }

    /** Vector of text i, of length 1. */
    double[] vector(int i) {
        return numbers(lines.get(i).get("vector"));
    }

    /** P(yes) of text i. */
    double score(int i) {
        return lines.get(i).get("score").asDouble();
    }

    /** Tokens of text i with all that the model reads around it. */
    int tokens(int i) {
        return lines.get(i).get("tokens").asInt();
    }

    /** Whether text i was cut. */
    boolean truncated(int i) {
        return lines.get(i).get("truncated").asBoolean();
    }

    /** A list of numbers. */
    static double[] numbers(JsonNode list) {
        double[] numbers = new double[list.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = list.get(i).asDouble();
        }
        return numbers;
    }
}
