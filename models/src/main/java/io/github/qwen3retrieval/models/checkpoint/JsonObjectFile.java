package io.github.qwen3retrieval.models.checkpoint;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.tokenizer.JsonFault;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Small JSON files of a checkpoint folder, read strictly. */
final class JsonObjectFile {

    /** No config.json and no index comes near this; what does is not one. */
    private static final long MAX_BYTES = 64L << 20;

    private JsonObjectFile() {}

    /**
     * Reads a file that holds one JSON object.
     *
     * @throws ModelException if the file is missing, cannot be read or holds something else
     */
    static JsonObject read(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new ModelException(
                        "[" + file + "] has [" + size + "] bytes, which no such file has");
            }
            try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                return parse(reader);
            }
        } catch (NoSuchFileException e) {
            throw new ModelException("[" + file + "] is missing: " + Checkpoint.REMEDY);
        } catch (IOException | JsonParseException | IllegalStateException e) {
            throw new ModelException(
                    "[" + file + "] is no JSON object: " + JsonFault.of(e) + "; copy it again", e);
        }
    }

    private static JsonObject parse(Reader text) throws IOException {
        JsonReader reader = new JsonReader(text);
        reader.setStrictness(Strictness.STRICT);
        JsonElement element = new Gson().getAdapter(JsonElement.class).read(reader);
        if (reader.peek() != JsonToken.END_DOCUMENT) {
            throw new IOException("text after the object at " + reader.getPath());
        }
        return element.getAsJsonObject();
    }
}
