package io.github.qwen3retrieval.models.cli;

import picocli.CommandLine.Option;

/** The option that says where a model computes. */
final class DeviceOption {

    @Option(
            names = "--device",
            paramLabel = "D",
            defaultValue = "auto",
            description = "auto, cpu, cuda or cuda:N (default: ${DEFAULT-VALUE})")
    private String device;

    /** As it was given. */
    String name() {
        return device;
    }
}
