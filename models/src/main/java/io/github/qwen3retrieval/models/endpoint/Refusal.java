package io.github.qwen3retrieval.models.endpoint;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.github.qwen3retrieval.models.ModelException;

/** What a service says where it refuses a request. */
final class Refusal {

    private static final int MAX_CHARACTERS = 300;

    private Refusal() {}

    /** One line with the status, the reason where the service gives one, and never the key. */
    static String words(EndpointOptions options, int status, byte[] body) {
        String said = reason(options, body);
        if (options.authorization() != null) {
            String header = options.authorization();
            said = said.replace(header.substring(header.indexOf(' ') + 1), "[key]");
        }
        String remedy =
                switch (status) {
                    case 401, 403 -> "; check [qwen3.endpoint." + options.id() + ".api_key]";
                    case 404 -> "; check its [url] and [model]";
                    default -> status / 100 == 3 ? "; redirects are not followed" : "";
                };
        String told = said.isEmpty() ? "" : ": " + said;
        return options.shown() + " refused with status [" + status + "]" + told + remedy;
    }

    private static String reason(EndpointOptions options, byte[] body) {
        try {
            JsonObject answer = Answers.object(body, options.shown());
            JsonElement reason = answer.get("error");
            if (reason instanceof JsonObject error) {
                reason = error.has("message") ? error.get("message") : error.get("reason");
            } else if (answer.has("message")) {
                reason = answer.get("message");
            }
            return reason != null && reason.isJsonPrimitive() ? cut(reason.getAsString()) : "";
        } catch (ModelException noJson) {
            return "";
        }
    }

    private static String cut(String text) {
        String line = text.replaceAll("\\s+", " ").strip();
        return line.length() <= MAX_CHARACTERS ? line : line.substring(0, MAX_CHARACTERS) + "…";
    }
}
