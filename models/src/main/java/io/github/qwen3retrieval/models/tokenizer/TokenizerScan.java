package io.github.qwen3retrieval.models.tokenizer;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** One pass over a tokenizer.json that notes what matters and copies the rest; not reusable. */
final class TokenizerScan {

    /** The rerankers' answers. Their characters stand for themselves in a byte-level vocabulary. */
    private static final Set<String> ANSWERS = Set.of("yes", "no");

    /** Far above every vocabulary. */
    private static final int MAX_ID = 1 << 24;

    private final JsonReader reader;
    private final JsonWriter writer;
    private final Map<String, Integer> addedTokens = new HashMap<>();
    private final Map<String, Integer> words = new HashMap<>();
    private int highestId = -1;
    private boolean appendsEndOfText;

    TokenizerScan(JsonReader reader, JsonWriter writer) {
        this.reader = reader;
        this.writer = writer;
        writer.setHtmlSafe(false);
    }

    TokenizerFile run() throws IOException {
        reader.beginObject();
        writer.beginObject();
        while (reader.hasNext()) {
            String key = reader.nextName();
            writer.name(key);
            topLevel(key);
        }
        reader.endObject();
        writer.endObject();
        writer.flush();
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw new IOException("text after the object");
        }
        if (highestId < 0) {
            throw new IOException("it has no model.vocab");
        }
        return new TokenizerFile(
                Map.copyOf(addedTokens), Map.copyOf(words), highestId + 1, appendsEndOfText);
    }

    private void topLevel(String key) throws IOException {
        switch (key) {
            case "added_tokens" -> {
                readAddedTokens();
                writer.beginArray().endArray();
            }
            case "post_processor" -> {
                appendsEndOfText = endsWithEndOfText(tree());
                writer.jsonValue("null");
            }
            case "truncation", "padding" -> {
                reader.skipValue();
                writer.jsonValue("null");
            }
            case "model" -> copyModel();
            default -> copyValue();
        }
    }

    private void readAddedTokens() throws IOException {
        for (JsonElement element : tree().getAsJsonArray()) {
            JsonObject token = element.getAsJsonObject();
            JsonElement content = token.get("content");
            JsonElement id = token.get("id");
            if (content == null || id == null || content.getAsString().isEmpty()) {
                throw new IOException("an added token lacks its content or id");
            }
            addedTokens.put(content.getAsString(), checked(content.getAsString(), id.getAsInt()));
        }
    }

    private void copyModel() throws IOException {
        reader.beginObject();
        writer.beginObject();
        while (reader.hasNext()) {
            String key = reader.nextName();
            writer.name(key);
            if (key.equals("vocab")) {
                copyVocabulary();
            } else {
                copyValue();
            }
        }
        reader.endObject();
        writer.endObject();
    }

    private void copyVocabulary() throws IOException {
        reader.beginObject();
        writer.beginObject();
        while (reader.hasNext()) {
            String token = reader.nextName();
            int id = checked(token, reader.nextInt());
            writer.name(token).value(id);
            highestId = Math.max(highestId, id);
            if (ANSWERS.contains(token)) {
                words.put(token, id);
            }
        }
        reader.endObject();
        writer.endObject();
    }

    private static int checked(String token, int id) throws IOException {
        if (id < 0 || id > MAX_ID) {
            throw new IOException("token [" + token + "] has the id [" + id + "]");
        }
        return id;
    }

    private void copyValue() throws IOException {
        switch (reader.peek()) {
            case BEGIN_OBJECT -> {
                reader.beginObject();
                writer.beginObject();
                while (reader.hasNext()) {
                    writer.name(reader.nextName());
                    copyValue();
                }
                reader.endObject();
                writer.endObject();
            }
            case BEGIN_ARRAY -> {
                reader.beginArray();
                writer.beginArray();
                while (reader.hasNext()) {
                    copyValue();
                }
                reader.endArray();
                writer.endArray();
            }
            case STRING -> writer.value(reader.nextString());
            case NUMBER -> writer.jsonValue(reader.nextString());
            case BOOLEAN -> writer.value(reader.nextBoolean());
            default -> {
                reader.nextNull();
                writer.jsonValue("null");
            }
        }
    }

    private JsonElement tree() throws IOException {
        return new Gson().getAdapter(JsonElement.class).read(reader);
    }

    /** Whether one of the post-processors is a template that closes with the token. */
    private static boolean endsWithEndOfText(JsonElement processor) {
        if (processor.isJsonObject() == false) {
            return false;
        }
        JsonObject object = processor.getAsJsonObject();
        JsonArray several = object.getAsJsonArray("processors");
        if (several != null) {
            for (JsonElement one : several) {
                if (endsWithEndOfText(one)) {
                    return true;
                }
            }
        }
        JsonArray single = object.getAsJsonArray("single");
        if (single == null || single.isEmpty()) {
            return false;
        }
        JsonObject last = single.get(single.size() - 1).getAsJsonObject();
        JsonObject special = last.getAsJsonObject("SpecialToken");
        return special != null
                && special.has("id")
                && special.get("id").getAsString().equals(TokenizerFile.END_OF_TEXT);
    }
}
