package io.github.qwen3retrieval.it;

import static io.github.qwen3retrieval.it.BadInput.processor;

import java.util.List;

/** What can be wrong in a pipeline: refused when the pipeline is stored, not at its documents. */
final class BadProcessors {

    private static final String FIELDS = "\"field\": \"body\", \"target_field\": \"vector\", ";

    private BadProcessors() {}

    static List<BadInput> all() {
        return List.of(
                processor("no parameters", "", "[field]", "required", "input_output"),
                processor(
                        "target_field missing",
                        "\"field\": \"body\"",
                        "[target_field]",
                        "required",
                        "dense_vector"),
                processor(
                        "field is a number",
                        "\"field\": 7, \"target_field\": \"vector\"",
                        "[field]",
                        "string"),
                processor(
                        "field is no path",
                        "\"field\": \"a..b\", \"target_field\": \"vector\"",
                        "[field]",
                        "[a..b]"),
                processor(
                        "target is the field",
                        "\"field\": \"body\", \"target_field\": \"body\"",
                        "[target_field]",
                        "[body]"),
                processor(
                        "unknown parameter",
                        FIELDS + "\"dims\": 64",
                        "[dims]",
                        "it knows",
                        "dimensions"),
                processor("input_output empty", "\"input_output\": []", "[input_output]", "[]"),
                processor(
                        "input_output is a string",
                        "\"input_output\": \"body\"",
                        "[input_output]",
                        "list"),
                processor(
                        "input_output beside field",
                        FIELDS
                                + "\"input_output\": [{\"input_field\": \"a\", \"output_field\":"
                                + " \"b\"}]",
                        "[input_output]",
                        "together"),
                processor(
                        "unknown key in input_output",
                        "\"input_output\": [{\"input_field\": \"a\", \"output_field\": \"b\","
                                + " \"x\": 1}]",
                        "[input_output]",
                        "[x]",
                        "[input_field, output_field]"),
                processor("dimensions 0", FIELDS + "\"dimensions\": 0", "[dimensions]", "[0]"),
                processor("dimensions -1", FIELDS + "\"dimensions\": -1", "[dimensions]", "[-1]"),
                processor("dimensions 31", FIELDS + "\"dimensions\": 31", "[dimensions]", "[32]"),
                processor(
                        "dimensions a word",
                        FIELDS + "\"dimensions\": \"many\"",
                        "[dimensions]",
                        "many"),
                processor(
                        "dimensions 64.5", FIELDS + "\"dimensions\": 64.5", "[dimensions]", "64.5"),
                processor(
                        "dimensions beyond an integer",
                        FIELDS + "\"dimensions\": 99999999999",
                        "[dimensions]",
                        "99999999999"),
                processor("max_length 1", FIELDS + "\"max_length\": 1", "[max_length]", "[2]"),
                processor("max_length a list", FIELDS + "\"max_length\": [512]", "[max_length]"),
                processor(
                        "model_id blank",
                        FIELDS + "\"model_id\": \" \"",
                        "[model_id]",
                        "leave it out"),
                processor("model_id a number", FIELDS + "\"model_id\": 5", "[model_id]", "string"),
                processor(
                        "ignore_missing a word",
                        FIELDS + "\"ignore_missing\": \"maybe\"",
                        "[ignore_missing]",
                        "boolean"));
    }
}
