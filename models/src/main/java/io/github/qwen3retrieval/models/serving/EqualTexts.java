package io.github.qwen3retrieval.models.serving;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Texts of a request of which some are equal: they are computed once. */
final class EqualTexts {

    private EqualTexts() {}

    /** The places of each text, in the order in which they first come. */
    static Map<String, List<Integer>> places(List<String> texts) {
        Map<String, List<Integer>> places = new LinkedHashMap<>();
        for (int i = 0; i < texts.size(); i++) {
            places.computeIfAbsent(texts.get(i), text -> new ArrayList<>()).add(i);
        }
        return places;
    }
}
