package io.github.qwen3retrieval.models.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * Hugging Face, or a mirror with its paths (huggingface.co/docs/hub/api).
 *
 * @param base address without a slash at the end
 */
record HuggingFace(URI base) implements Hub {

    @Override
    public String defaultRevision() {
        return "main";
    }

    @Override
    public URI list(String repository, String revision) {
        return URI.create(
                base
                        + "/api/models/"
                        + Hub.repository(repository)
                        + "/tree/"
                        + Hub.segment(revision));
    }

    @Override
    public URI file(String repository, String revision, String name) {
        return URI.create(
                base
                        + "/"
                        + Hub.repository(repository)
                        + "/resolve/"
                        + Hub.segment(revision)
                        + "/"
                        + Hub.segment(name));
    }

    @Override
    public List<RemoteFile> parse(JsonElement list) {
        List<RemoteFile> files = new ArrayList<>();
        for (JsonElement element : list.getAsJsonArray()) {
            JsonObject file = element.getAsJsonObject();
            if (file.get("type").getAsString().equals("file")) {
                String name = file.get("path").getAsString();
                long size = file.get("size").getAsLong();
                files.add(new RemoteFile(name, size, checksum(file, size)));
            }
        }
        return files;
    }

    private static Checksum checksum(JsonObject file, long size) {
        JsonObject large = file.getAsJsonObject("lfs");
        if (large != null) {
            return Checksum.sha256(large.get("oid").getAsString());
        }
        JsonElement blob = file.get("oid");
        return blob == null ? null : Checksum.gitBlob(size, blob.getAsString());
    }
}
