package io.github.qwen3retrieval.ingest;

import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.elasticsearch.ElasticsearchException;
import org.elasticsearch.ElasticsearchParseException;
import org.elasticsearch.cluster.metadata.ProjectId;
import org.elasticsearch.rest.RestStatus;
import org.elasticsearch.test.ESTestCase;

/** What a pipeline may say about the processor, and what it hears when it says anything else. */
public class EmbeddingProcessorFactoryTests extends ESTestCase {

    private static EmbeddingProcessor create(Map<String, Object> config) {
        return new EmbeddingProcessor.Factory(HashEmbedder::new)
                .create(Map.of(), "my-tag", "my description", config, ProjectId.DEFAULT);
    }

    private static Map<String, Object> config(Object... keysAndValues) {
        Map<String, Object> config = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return config;
    }

    private static Map<String, Object> fieldWith(Object... keysAndValues) {
        Map<String, Object> config = config(keysAndValues);
        config.put("field", "body");
        config.put("target_field", "vector");
        return config;
    }

    private static Map<String, Object> pair(String input, String output) {
        return Map.of("input_field", input, "output_field", output);
    }

    private static void assertRefused(String parameter, String rule, Map<String, Object> config) {
        ElasticsearchException e =
                expectThrows(ElasticsearchParseException.class, () -> create(config));
        assertThat(e.getMessage(), equalTo("[" + parameter + "] " + rule));
        assertThat(e.getMetadata("es.processor_type"), equalTo(List.of("qwen3_embedding")));
        assertThat(e.getMetadata("es.processor_tag"), equalTo(List.of("my-tag")));
        assertThat(e.getMetadata("es.property_name"), equalTo(List.of(parameter)));
        assertThat(e.status(), equalTo(RestStatus.BAD_REQUEST));
    }

    private static void assertOverlap(String output, String other, Object... pairs) {
        assertRefused(
                "output_field",
                "must name a field of its own, but ["
                        + output
                        + "] is, holds or lies in the "
                        + other,
                config("input_output", List.of(pairs)));
    }

    public void testTakesEveryKeyOut() {
        Map<String, Object> config =
                fieldWith("model_id", "m", "instruction", "i", "dimensions", 32, "max_length", 2);
        config.put("ignore_missing", true);
        EmbeddingProcessor processor = create(config);
        assertThat(config, equalTo(Map.of()));
        assertThat(processor.getTag(), equalTo("my-tag"));
        assertThat(processor.getDescription(), equalTo("my description"));
        assertThat(processor.getType(), equalTo("qwen3_embedding"));
        assertTrue(processor.isAsync());
    }

    public void testLeavesTheEntriesOfInputOutputAlone() {
        List<Object> entries = new ArrayList<>(List.of(pair("title", "a"), pair("body", "b")));
        create(config("input_output", entries));
        assertThat(entries, equalTo(List.of(pair("title", "a"), pair("body", "b"))));
    }

    public void testFieldsAreRequired() {
        assertRefused(
                "field",
                "required property is missing, name the field that holds the text, or several in"
                        + " [input_output]",
                config());
        assertRefused(
                "target_field",
                "required property is missing, name the [dense_vector] field that takes the vector",
                config("field", "body"));
        assertRefused(
                "input_field",
                "required property is missing, name the field that holds the text",
                config("input_output", List.of(Map.of("output_field", "v"))));
        assertRefused(
                "output_field",
                "required property is missing, name the [dense_vector] field that takes the vector",
                config("input_output", List.of(Map.of("input_field", "v"))));
    }

    public void testExactlyOneOfTheTwoForms() {
        String rule =
                "cannot be used together with [field] and [target_field], name the fields in one of"
                        + " the two ways";
        List<Object> list = List.of(pair("title", "title_vector"));
        assertRefused("input_output", rule, fieldWith("input_output", list));
        assertRefused("input_output", rule, config("field", "a", "input_output", list));
        assertRefused("input_output", rule, config("target_field", "a", "input_output", list));
    }

    public void testInputOutputIsAListOfPairs() {
        assertRefused(
                "input_output",
                "must name at least one pair of fields, got []",
                config("input_output", List.of()));
        assertRefused(
                "input_output",
                "must be a list of {[input_field], [output_field]}, got [title]",
                config("input_output", List.of("title")));
        assertRefused(
                "input_output",
                "property isn't a list, but of type [java.lang.String]",
                config("input_output", "title"));
        Map<String, Object> unknown = new HashMap<>(pair("a", "b"));
        unknown.put("dimension", 3);
        assertRefused(
                "input_output",
                "does not know [dimension], it knows [input_field, output_field]",
                config("input_output", List.of(unknown)));
    }

    public void testTheVectorHasAFieldOfItsOwn() {
        String rule =
                "must name a field of its own, but [%s] is, holds or lies in the [field] [%s]";
        for (var same : List.of("body", "_source.body", "body.vector")) {
            assertRefused(
                    "target_field",
                    String.format(Locale.ROOT, rule, same, "body"),
                    config("field", "body", "target_field", same));
        }
        assertRefused(
                "target_field",
                String.format(Locale.ROOT, rule, "body", "body.text"),
                config("field", "body.text", "target_field", "body"));
        assertOverlap("v", "[output_field] [v]", pair("a", "v"), pair("b", "v"));
        assertOverlap("v", "[output_field] [v.w]", pair("a", "v"), pair("b", "v.w"));
        assertOverlap("b", "[input_field] [b]", pair("a", "b"), pair("b", "c"));
        assertOverlap("b.v", "[input_field] [b]", pair("a", "b.v"), pair("b", "c"));
    }

    public void testFieldsThatOnlyLookAlikeAreNoOverlap() {
        create(config("field", "body", "target_field", "body_vector"));
        create(config("field", "body.text", "target_field", "body.vector"));
        create(config("input_output", List.of(pair("a", "v.a"), pair("a", "v.ab"))));
    }

    public void testPathsThatNoDocumentHas() {
        for (String path : List.of("", " ", ".a", "a..b")) {
            assertRefused(
                    "field",
                    "is not the path of a field: ["
                            + path
                            + "], name the field that holds the text",
                    config("field", path, "target_field", "v"));
            assertRefused(
                    "target_field",
                    "is not the path of a field: ["
                            + path
                            + "], name the [dense_vector] field that takes the vector",
                    config("field", "a", "target_field", path));
        }
    }

    public void testOptionsThatNoModelTakes() {
        assertRefused(
                "model_id",
                "must not be blank, leave it out for the node's default model",
                fieldWith("model_id", " "));
        assertRefused(
                "instruction",
                "must not be blank, leave it out for the default",
                fieldWith("instruction", ""));
        for (int dimensions : new int[] {31, 0, -1}) {
            assertRefused(
                    "dimensions",
                    "must be at least [32], got [" + dimensions + "]",
                    fieldWith("dimensions", dimensions));
        }
        assertRefused("max_length", "must be at least [2], got [1]", fieldWith("max_length", 1));
    }

    public void testOptionsOfTheWrongType() {
        assertRefused(
                "model_id",
                "property isn't a string, but of type [java.lang.Integer]",
                fieldWith("model_id", 1));
        assertRefused(
                "instruction",
                "property isn't a string, but of type [java.lang.Boolean]",
                fieldWith("instruction", true));
        assertRefused(
                "dimensions",
                "property cannot be converted to an int [256.5]",
                fieldWith("dimensions", 256.5));
        assertRefused(
                "max_length",
                "property cannot be converted to an int [long]",
                fieldWith("max_length", "long"));
        assertRefused(
                "ignore_missing",
                "property isn't a boolean, but of type [java.lang.String]",
                fieldWith("ignore_missing", "yes"));
        assertRefused(
                "field",
                "property isn't a string, but of type [java.lang.Integer]",
                config("field", 1, "target_field", "v"));
    }

    public void testNumbersInStringsAsTemplatesFillThemIn() {
        create(fieldWith("dimensions", "256", "max_length", "512"));
    }

    public void testAnUnknownParameterNamesTheKnownOnes() {
        ElasticsearchException e =
                expectThrows(ElasticsearchException.class, () -> create(fieldWith("modelid", "m")));
        assertThat(
                e.getMessage(),
                containsString("[modelid] is not a parameter of this processor, it knows [field,"));
        for (String known :
                List.of(
                        "field",
                        "target_field",
                        "input_output",
                        "model_id",
                        "instruction",
                        "dimensions",
                        "max_length",
                        "ignore_missing")) {
            assertThat(e.getMessage(), containsString(known));
        }
    }
}
