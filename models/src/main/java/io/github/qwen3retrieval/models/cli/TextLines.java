package io.github.qwen3retrieval.models.cli;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import com.google.gson.JsonSyntaxException;
import io.github.qwen3retrieval.models.tokenizer.JsonFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Texts from lines of JSON, each {@code {"text": "…"}}, read some at a time. */
final class TextLines {

    /** Lines that are held at once: enough to fill batches, little enough for any heap. */
    static final int CHUNK = 256;

    private final BufferedReader lines;
    private int number;

    TextLines(InputStream in) {
        lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    }

    /**
     * The next texts, none at the end.
     *
     * @throws IllegalArgumentException if a line is not such an object, with its number
     */
    List<String> next() throws IOException {
        List<String> texts = new ArrayList<>();
        String line = lines.readLine();
        while (line != null) {
            number++;
            if (line.isBlank() == false) {
                texts.add(text(line));
            }
            line = texts.size() < CHUNK ? lines.readLine() : null;
        }
        return texts;
    }

    private String text(String line) {
        try {
            JsonElement object = JsonParser.parseString(line);
            if (object.isJsonObject()) {
                JsonElement text = object.getAsJsonObject().get("text");
                if (text != null
                        && text.isJsonPrimitive()
                        && text.getAsJsonPrimitive().isString()) {
                    return text.getAsString();
                }
            }
        } catch (JsonSyntaxException e) {
            throw wrong(JsonFault.of(e));
        }
        throw wrong("it has no string [text]");
    }

    private IllegalArgumentException wrong(String why) {
        return new IllegalArgumentException(
                "line ["
                        + number
                        + "] of standard input must be an object like {\"text\": \"…\"}: "
                        + why);
    }
}
