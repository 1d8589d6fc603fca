package io.github.qwen3retrieval.models.cli;

import java.nio.file.Path;

/** The folder whose sub-folders are the models. */
final class ModelsFolder {

    private ModelsFolder() {}

    /** The one that the launcher named, else qwen3/models under the working directory. */
    static Path path() {
        return Path.of(System.getProperty(Qwen3.MODELS_PROPERTY, "qwen3/models"));
    }
}
