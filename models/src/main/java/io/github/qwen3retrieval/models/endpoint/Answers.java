package io.github.qwen3retrieval.models.endpoint;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.tokenizer.JsonFault;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads what a service sent, trusting nothing of it. */
final class Answers {

    private Answers() {}

    /**
     * The object in a body.
     *
     * @throws ModelException if there is none
     */
    static JsonObject object(byte[] body, String endpoint) {
        String text = new String(body, StandardCharsets.UTF_8);
        try (JsonReader reader = new JsonReader(new StringReader(text))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = new Gson().getAdapter(JsonElement.class).read(reader);
            if (element.isJsonObject() && reader.peek() == JsonToken.END_DOCUMENT) {
                return element.getAsJsonObject();
            }
            throw new ModelException(endpoint + " answered with no JSON object");
        } catch (IOException | JsonParseException | IllegalStateException e) {
            // not the cause: it may quote what was sent
            throw new ModelException(
                    endpoint + " answered with no JSON object: " + JsonFault.of(e));
        }
    }

    /**
     * The items of an array, brought into the order of their member {@code index}, or left in their
     * own where none has one.
     *
     * @param count how many there must be
     */
    static List<JsonObject> items(JsonObject answer, String member, int count, String endpoint) {
        if (answer.get(member) instanceof JsonArray array && array.size() == count) {
            List<JsonObject> ordered =
                    new ArrayList<>(Collections.nCopies(count, (JsonObject) null));
            for (int i = 0; i < count; i++) {
                if (array.get(i) instanceof JsonObject item) {
                    int index = item.has("index") ? index(item, count, endpoint) : i;
                    if (ordered.set(index, item) == null) {
                        continue;
                    }
                }
                throw new ModelException(
                        endpoint + " answered in [" + member + "] not once for each text");
            }
            return ordered;
        }
        String got =
                answer.get(member) instanceof JsonArray array
                        ? "[" + array.size() + "]"
                        : "no array";
        throw new ModelException(
                endpoint + " must answer [" + count + "] items in [" + member + "], got " + got);
    }

    private static int index(JsonObject item, int count, String endpoint) {
        double index = number(item, "index", endpoint);
        if (index >= 0 && index < count && index == Math.rint(index)) {
            return (int) index;
        }
        throw new ModelException(
                endpoint + " answered for text [" + index + "] where [" + count + "] were sent");
    }

    /** A number, which may be infinite where it is too large to be one. */
    static double number(JsonObject item, String member, String endpoint) {
        try {
            return item.get(member).getAsJsonPrimitive().getAsDouble();
        } catch (IllegalStateException | NumberFormatException | NullPointerException e) {
            throw new ModelException(endpoint + " answered without a number in [" + member + "]");
        }
    }

    /** A count of tokens, or the default where it is not there or makes no sense. */
    static int tokens(JsonObject object, String member, int otherwise) {
        try {
            double tokens = object.get(member).getAsJsonPrimitive().getAsDouble();
            return tokens >= 0 && tokens <= Integer.MAX_VALUE ? (int) tokens : otherwise;
        } catch (IllegalStateException | NumberFormatException | NullPointerException e) {
            return otherwise;
        }
    }

    /** All tokens of an answer, as {@code usage} has them, or 0. */
    static int usage(JsonObject answer) {
        if (answer.get("usage") instanceof JsonObject usage) {
            return tokens(usage, "prompt_tokens", tokens(usage, "total_tokens", 0));
        }
        return 0;
    }

    /** The share of one of several texts in a total; the shares sum up to it. */
    static int share(int total, int index, int texts) {
        return total / texts + (index < total % texts ? 1 : 0);
    }
}
