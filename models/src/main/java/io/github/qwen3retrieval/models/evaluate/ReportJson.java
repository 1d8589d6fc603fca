package io.github.qwen3retrieval.models.evaluate;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A report as JSON, for scripts. */
public final class ReportJson {

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private ReportJson() {}

    /** Writes {@code {"format": …, "facts": {…}, "rows": […], "notes": […]}}. */
    public static void write(Report report, Path file) throws IOException {
        JsonObject json = new JsonObject();
        json.addProperty("format", "qwen3-evaluate-1");
        JsonObject content = GSON.toJsonTree(report).getAsJsonObject();
        content.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        Files.writeString(file, GSON.toJson(json) + "\n");
    }
}
