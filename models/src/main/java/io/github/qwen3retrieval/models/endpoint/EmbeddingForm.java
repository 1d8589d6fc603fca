package io.github.qwen3retrieval.models.endpoint;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.Embedding;
import io.github.qwen3retrieval.models.ModelException;
import java.util.ArrayList;
import java.util.List;

/**
 * OpenAI's embeddings format. Vectors come at their full length and are cut by us: services differ
 * in what they do when asked for less.
 *
 * @param inputType {@code query} or {@code document} for a service that composes prompts, or null
 * @param instruction for such a service, or null
 * @param maxLength for such a service, or null
 */
record EmbeddingForm(
        EndpointOptions options, String inputType, String instruction, Integer maxLength)
        implements Form<Embedding> {

    /** More than the digits of a float32 written as a double, its comma and blanks. */
    private static final long BYTES_OF_NUMBER = 48;

    private static final long BYTES_AROUND = 1 << 20;

    @Override
    public JsonObject request(List<String> texts) {
        JsonObject request = new JsonObject();
        request.addProperty("model", options.model());
        JsonArray input = new JsonArray();
        texts.forEach(input::add);
        request.add("input", input);
        request.addProperty("encoding_format", "float");
        if (inputType != null) {
            request.addProperty("input_type", inputType);
        }
        if (instruction != null) {
            request.addProperty("instruction", instruction);
        }
        if (maxLength != null) {
            request.addProperty("max_length", maxLength);
        }
        return request;
    }

    @Override
    public long maxAnswerBytes(List<String> texts) {
        return BYTES_AROUND + BYTES_OF_NUMBER * options.dimensions() * texts.size();
    }

    @Override
    public List<Embedding> read(JsonObject answer, int texts) {
        int tokens = Answers.usage(answer);
        List<Embedding> embeddings = new ArrayList<>();
        for (JsonObject item : Answers.items(answer, "data", texts, options.shown())) {
            int share = Answers.share(tokens, embeddings.size(), texts);
            embeddings.add(new Embedding(vector(item), share, false));
        }
        return embeddings;
    }

    private float[] vector(JsonObject item) {
        if (item.get("embedding") instanceof JsonArray numbers) {
            if (numbers.size() != options.dimensions()) {
                throw new ModelException(
                        options.shown()
                                + " must answer vectors of ["
                                + options.dimensions()
                                + "] numbers, as [qwen3.endpoint."
                                + options.id()
                                + ".dimensions] says, got one of ["
                                + numbers.size()
                                + "]");
            }
            float[] vector = new float[numbers.size()];
            for (int i = 0; i < vector.length; i++) {
                vector[i] = number(numbers.get(i));
            }
            return vector;
        }
        throw new ModelException(options.shown() + " answered without an array in [embedding]");
    }

    private float number(JsonElement element) {
        try {
            float number = element.getAsJsonPrimitive().getAsFloat();
            if (Float.isFinite(number)) {
                return number;
            }
        } catch (IllegalStateException | NumberFormatException e) {
            // told below
        }
        throw new ModelException(
                options.shown() + " answered with a vector that holds what is no finite number");
    }
}
