package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.github.qwen3retrieval.models.tokenizer.JsonFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lines of a file, each known by its number, so that errors can name it. Blank ones are left
 * out.
 */
final class FileLines implements AutoCloseable {

    private final Path file;
    private final BufferedReader reader;
    private int number;

    FileLines(Path file) throws IOException {
        this.file = file;
        this.reader = Files.newBufferedReader(file);
    }

    /** The next line, null at the end. */
    String next() throws IOException {
        try {
            String line;
            do {
                line = reader.readLine();
                number++;
            } while (line != null && line.isBlank());
            return line;
        } catch (MalformedInputException e) {
            number++;
            throw wrong("it is not UTF-8, or a line soon after it");
        }
    }

    /** The next line as an object, null at the end. */
    JsonObject nextObject() throws IOException {
        String line = next();
        if (line == null) {
            return null;
        }
        try {
            JsonElement element = JsonParser.parseString(line);
            if (element.isJsonObject()) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            // the parser saw one line alone
            throw wrong(JsonFault.of(e).replace("line 1 column", "column"));
        }
        throw wrong("it is not a JSON object");
    }

    /**
     * A text or number of an object as a text.
     *
     * @param orElse where it is missing or null; where that is null, too, it has to be there
     */
    String text(JsonObject object, String member, String orElse) {
        JsonElement value = object.get(member);
        if (value == null || value.isJsonNull()) {
            if (orElse == null) {
                throw wrong("it has no [" + member + "]");
            }
            return orElse;
        }
        if (value.isJsonPrimitive() == false) {
            throw wrong("its [" + member + "] is not a text");
        }
        return value.getAsString();
    }

    /** The number of the line that came last. */
    int number() {
        return number;
    }

    /** What is to be thrown where that line is wrong. */
    IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException("[" + file + "] line [" + number + "]: " + why);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
