package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The installed command line {@code qwen3}: the numbers to compare a node's with. */
record CommandLine(Installation installation) {

    /** Answers so far: a run takes seconds, and tests ask the same again. */
    private static final Map<Question, List<JsonNode>> ANSWERS = new HashMap<>();

    private record Question(List<String> arguments, String input) {}

    /** Vectors of texts; further arguments as of {@code qwen3 embed}. */
    List<float[]> embed(List<String> texts, String... arguments)
            throws IOException, InterruptedException {
        List<float[]> vectors = new ArrayList<>();
        for (JsonNode line : run("embed", TestModels.EMBEDDING, texts, arguments)) {
            float[] vector = new float[line.get("vector").size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = line.get("vector").get(i).floatValue();
            }
            vectors.add(vector);
        }
        return vectors;
    }

    /** P(yes) of texts; further arguments as of {@code qwen3 rerank}. */
    List<Double> rerank(List<String> texts, String... arguments)
            throws IOException, InterruptedException {
        return run("rerank", TestModels.RERANKER, texts, arguments).stream()
                .map(line -> line.get("score").asDouble())
                .toList();
    }

    private List<JsonNode> run(
            String subcommand, String model, List<String> texts, String... arguments)
            throws IOException, InterruptedException {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                subcommand,
                                "--model",
                                TestModels.folder().resolve(model).toString(),
                                "--threads",
                                "1"));
        all.addAll(List.of(arguments));
        StringBuilder input = new StringBuilder();
        for (String text : texts) {
            input.append(Articles.JSON.createObjectNode().put("text", text)).append('\n');
        }
        Question question = new Question(all, input.toString());
        synchronized (ANSWERS) {
            if (!ANSWERS.containsKey(question)) {
                ANSWERS.put(question, ask(question));
            }
            return ANSWERS.get(question);
        }
    }

    private List<JsonNode> ask(Question question) throws IOException, InterruptedException {
        Command done =
                installation
                        .qwen3(question.input, question.arguments.toArray(String[]::new))
                        .orFail();
        if (!done.err().isEmpty()) {
            throw new AssertionError("not quiet: " + done.err());
        }
        List<JsonNode> lines = new ArrayList<>();
        for (String line : done.out().lines().toList()) {
            lines.add(Articles.JSON.readTree(line));
        }
        return lines;
    }
}
