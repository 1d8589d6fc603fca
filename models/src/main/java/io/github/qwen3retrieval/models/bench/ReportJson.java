package io.github.qwen3retrieval.models.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A report as JSON, for scripts and to be compared with. */
public final class ReportJson {

    private static final String FORMAT = "qwen3-bench-1";

    private static final Gson GSON = new GsonBuilder().setPrettyPrinting().create();

    private ReportJson() {}

    /** Writes {@code {"format": …, "facts": {…}, "figures": […], "curve": […]}}. */
    public static void write(Report report, Path file) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("format", FORMAT);
        JsonObject content = GSON.toJsonTree(report).getAsJsonObject();
        content.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        Files.writeString(file, GSON.toJson(json) + "\n");
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @param option that named the file, for messages
     * @throws IllegalArgumentException if the file is not there or something else
     */
    public static Report read(Path file, String option) throws IOException {
        if (Files.isRegularFile(file) == false) {
            throw new IllegalArgumentException("[" + option + "] [" + file + "] is not a file");
        }
        try {
            JsonElement json = JsonParser.parseString(Files.readString(file));
            if (json.isJsonObject() == false
                    || json.getAsJsonObject().has("format") == false
                    || json.getAsJsonObject().get("format").equals(GSON.toJsonTree(FORMAT))
                            == false) {
                throw foreign(file, option);
            }
            Report report = GSON.fromJson(json, Report.class);
            if (report.facts() == null || report.figures() == null || report.curve() == null) {
                throw foreign(file, option);
            }
            return report;
        } catch (JsonParseException | MalformedInputException e) {
            throw foreign(file, option);
        }
    }

    private static IllegalArgumentException foreign(Path file, String option) {
        return new IllegalArgumentException(
                "["
                        + option
                        + "] ["
                        + file
                        + "] is no result that [qwen3 bench --json FILE] wrote in format ["
                        + FORMAT
                        + "]");
    }
}
