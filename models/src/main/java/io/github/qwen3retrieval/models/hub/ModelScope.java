package io.github.qwen3retrieval.models.hub;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;

/**
 * ModelScope, the hub of Alibaba Cloud.
 *
 * @param base address without a slash at the end
 */
record ModelScope(URI base) implements Hub {

    @Override
    public String defaultRevision() {
        return "master";
    }

    @Override
    public URI list(String repository, String revision) {
        return URI.create(
                base
                        + "/api/v1/models/"
                        + Hub.repository(repository)
                        + "/repo/files?Revision="
                        + Hub.segment(revision));
    }

    @Override
    public URI file(String repository, String revision, String name) {
        return URI.create(
                base
                        + "/models/"
                        + Hub.repository(repository)
                        + "/resolve/"
                        + Hub.segment(revision)
                        + "/"
                        + Hub.segment(name));
    }

    @Override
    public List<RemoteFile> parse(JsonElement list) {
        List<RemoteFile> files = new ArrayList<>();
        JsonObject data = list.getAsJsonObject().getAsJsonObject("Data");
        for (JsonElement element : data.getAsJsonArray("Files")) {
            JsonObject file = element.getAsJsonObject();
            if (file.get("Type").getAsString().equals("blob")) {
                JsonElement sha256 = file.get("Sha256");
                boolean known =
                        sha256 != null
                                && sha256.isJsonPrimitive()
                                && Checksum.isSha256(sha256.getAsString());
                files.add(
                        new RemoteFile(
                                file.get("Path").getAsString(),
                                file.get("Size").getAsLong(),
                                known ? Checksum.sha256(sha256.getAsString()) : null));
            }
        }
        return files;
    }
}
