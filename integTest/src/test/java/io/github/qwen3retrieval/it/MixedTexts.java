package io.github.qwen3retrieval.it;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts of many lengths and scripts, some longer than the limits that the tests set. */
final class MixedTexts {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> SENTENCES =
            List.of(
                    "Glaciers move by sliding over their bed. ",
                    "冰川在自身重量下缓慢流动。",
                    "Ледники движутся под действием силы тяжести. ",
                    "تتحرك الأنهار الجليدية تحت تأثير الجاذبية. ",
                    "हिमनद अपने भार से बहते हैं। ",
                    "氷河は重力によって動く。",
                    "Các sông băng chảy chậm. ",
                    "for (int i = 0; i < n; i++) { move(glacier[i]); }\n",
                    "\t  indented\r\n\n  and   spaced \u00a0 oddly  ",
                    "🧊🏔️👩🏽‍🚀➡️ ",
                    "1,234.56 km² of ice, 87%\n");

    private MixedTexts() {}

    /** Each sentence alone, then mixtures of 2 to 300 sentences. */
    static List<String> of(long seed, int mixtures) {
        Random random = new Random(seed);
        List<String> texts = new ArrayList<>(SENTENCES);
        for (int i = 0; i < mixtures; i++) {
            StringBuilder text = new StringBuilder();
            int sentences = 2 + (int) (299 * Math.pow(random.nextDouble(), 3));
            for (int j = 0; j < sentences; j++) {
                text.append(SENTENCES.get(random.nextInt(SENTENCES.size())));
            }
            texts.add(text.toString());
        }
        return texts;
    }

    /** Indexes texts as documents 0, 1, 2…; every one must succeed. */
    static void index(NodeClient client, String index, List<String> texts) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < texts.size(); i++) {
            ObjectNode document = JSON.createObjectNode().put("body", texts.get(i));
            lines.append("{\"index\":{\"_id\":\"").append(i).append("\"}}\n");
            lines.append(document).append('\n');
        }
        var answer = client.post(index + "/_bulk?refresh=true", lines.toString()).ok().body();
        if (answer.get("errors").asBoolean()) {
            throw new AssertionError(answer.toString());
        }
    }
}
