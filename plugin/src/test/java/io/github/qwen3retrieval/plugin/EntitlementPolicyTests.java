package io.github.qwen3retrieval.plugin;

import io.github.qwen3retrieval.models.natives.Natives;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.elasticsearch.test.ESTestCase;
import org.elasticsearch.xcontent.XContentParser;
import org.elasticsearch.xcontent.XContentParserConfiguration;
import org.elasticsearch.xcontent.yaml.YamlXContent;

/** The policy against what the code needs; that it suffices is shown by a node. */
public class EntitlementPolicyTests extends ESTestCase {

    public void testGrantsExactlyThePropertiesThatAreSet() throws Exception {
        for (Object entry : (List<?>) policy().get("ALL-UNNAMED")) {
            if (entry instanceof Map<?, ?> grant && grant.containsKey("write_system_properties")) {
                Map<?, ?> granted = (Map<?, ?>) grant.get("write_system_properties");
                assertEquals(
                        new TreeSet<>(Natives.PROPERTIES),
                        new TreeSet<>((List<?>) granted.get("properties")));
                return;
            }
        }
        fail("no write_system_properties in " + policy());
    }

    public void testWritesNoFileAndListensNowhere() throws Exception {
        String policy = policy().toString();
        assertTrue(policy, policy.contains("outbound_network"));
        for (String refused :
                Set.of(
                        "inbound_network",
                        "manage_threads",
                        "read_write",
                        "exit_vm",
                        "create_class_loader")) {
            assertFalse(policy, policy.contains(refused));
        }
    }

    private static Map<String, Object> policy() throws Exception {
        try (InputStream in =
                        EntitlementPolicyTests.class.getResourceAsStream(
                                "/entitlement-policy.yaml");
                XContentParser parser =
                        YamlXContent.yamlXContent.createParser(
                                XContentParserConfiguration.EMPTY, in)) {
            return parser.map();
        }
    }
}
