package io.github.qwen3retrieval.models.hub;

import com.google.gson.JsonElement;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How a hub names its files and lists them. */
interface Hub {

    /** Where the hub is. */
    URI base();

    /** The revision that is fetched when none is named. */
    String defaultRevision();

    /** Address of the list of a repository's files. */
    URI list(String repository, String revision);

    /** Address of one file. */
    URI file(String repository, String revision, String name);

    /**
     * The files of the top folder, from the answer to {@link #list}.
     *
     * @throws RuntimeException if the answer has another form
     */
    List<RemoteFile> parse(JsonElement list);

    /**
     * The hub of this name, or at this address.
     *
     * @param from huggingface, modelscope, or the address of a server with Hugging Face's paths
     * @throws IllegalArgumentException if it is none of them
     */
    static Hub named(String from) {
        if (from.equals("huggingface")) {
            return new HuggingFace(URI.create("https://huggingface.co"));
        }
        if (from.equals("modelscope")) {
            return new ModelScope(URI.create("https://modelscope.cn"));
        }
        if (from.matches("https?://[^/?#]+[^?#]*")) {
            return new HuggingFace(URI.create(from.replaceFirst("/+$", "")));
        }
        throw new IllegalArgumentException(
                "--from must be [huggingface], [modelscope] or an http(s) address, got ["
                        + from
                        + "]");
    }

    /** Encodes one segment of a path. */
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Encodes a repository's name, whose slash stays. */
    static String repository(String name) {
        int slash = name.indexOf('/');
        return segment(name.substring(0, slash)) + "/" + segment(name.substring(slash + 1));
    }
}
