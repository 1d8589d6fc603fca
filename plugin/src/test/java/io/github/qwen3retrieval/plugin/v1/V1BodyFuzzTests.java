package io.github.qwen3retrieval.plugin.v1;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.elasticsearch.common.bytes.BytesArray;
import org.elasticsearch.rest.RestRequest;
import org.elasticsearch.test.ESTestCase;
import org.elasticsearch.test.rest.FakeRestRequest;
import org.elasticsearch.xcontent.NamedXContentRegistry;
import org.elasticsearch.xcontent.XContentType;

/** Bodies that somebody spoiled are read, or refused in words, and do nothing else. */
public class V1BodyFuzzTests extends ESTestCase {

    private static final int ROUNDS = 100_000;

    private static final String PIECES = "{}[]\",:0123456789-.eE\\ntrufalsx\u0000\u00e9 ";

    private static final List<String> EMBEDDINGS =
            List.of(
                    "{\"model\": \"m\", \"input\": [\"a\", \"b\"], \"dimensions\": 32}",
                    "{\"model\": \"m\", \"input\": \"a\", \"encoding_format\": \"base64\","
                            + " \"input_type\": \"query\", \"instruction\": \"i\", \"user\": 7}");

    private static final List<String> RERANKS =
            List.of(
                    "{\"model\": \"m\", \"query\": \"q\", \"documents\": [\"a\", {\"text\": \"b\"}]}",
                    "{\"query\": \"q\", \"documents\": [\"a\"], \"top_n\": 1, \"max_length\": 99,"
                            + " \"return_documents\": true}");

    public void testEmbeddings() throws Exception {
        fuzz(new RestEmbeddingsAction(), EMBEDDINGS);
    }

    public void testRerank() throws Exception {
        fuzz(new RestRerankAction(), RERANKS);
    }

    private void fuzz(V1Handler handler, List<String> bodies) throws Exception {
        Random random = random();
        for (String body : bodies) {
            assertNotNull(handler.read(request(body.getBytes(StandardCharsets.UTF_8))).request());
        }
        int understood = 0;
        for (int i = 0; i < ROUNDS; i++) {
            byte[] bytes = mutated(bodies.get(random.nextInt(bodies.size())), random);
            try {
                handler.read(request(bytes));
                understood++;
            } catch (IllegalArgumentException e) {
                assertNotNull(e.getMessage());
            } catch (java.io.IOException e) {
                // not JSON: the handler says so with a 400
                assertNotNull(e.getMessage());
            }
        }
        assertTrue("nothing was understood", understood > ROUNDS / 1000);
        assertTrue("nothing was refused", understood < ROUNDS);
    }

    public void testDeepBodiesAreRefused() {
        byte[] deep = ("{\"input\":" + "[".repeat(100_000)).getBytes(StandardCharsets.UTF_8);
        expectThrows(Exception.class, () -> new RestEmbeddingsAction().read(request(deep)));
    }

    private static byte[] mutated(String body, Random random) {
        StringBuilder text = new StringBuilder(body);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(text.length());
            char piece = PIECES.charAt(random.nextInt(PIECES.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, piece);
                case 1 -> text.insert(at, piece);
                case 2 -> text.deleteCharAt(at);
                default -> text.insert(at, text.substring(at, random.nextInt(at, text.length())));
            }
            if (text.isEmpty()) {
                text.append(piece);
            }
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        if (random.nextInt(20) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    private static RestRequest request(byte[] body) {
        return new FakeRestRequest.Builder(NamedXContentRegistry.EMPTY)
                .withContent(new BytesArray(body), XContentType.JSON)
                .build();
    }
}
