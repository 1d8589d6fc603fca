package io.github.qwen3retrieval.rescore;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.ReaderUtil;
import org.elasticsearch.index.fieldvisitor.LeafStoredFieldLoader;
import org.elasticsearch.index.fieldvisitor.StoredFieldLoader;
import org.elasticsearch.index.query.SearchExecutionContext;
import org.elasticsearch.search.lookup.SourceFilter;
import org.elasticsearch.search.lookup.SourceProvider;

/**
 * Reads the texts of hits: the one walk over the leaves of a shard.
 *
 * <p>A hit's text is the values of its fields, in the order the fields were named, joined with line
 * breaks. They come from the document's source, be it stored or synthetic; a field that was left
 * out of the source comes from its stored field. What field-level security hides is not there.
 */
final class HitTexts {

    private final SearchExecutionContext context;
    private final List<FieldText> fields;
    private final SourceFilter filter;
    private final Set<String> storedNames;
    private final int maxCharacters;

    /**
     * For these fields of the context's index.
     *
     * @param maxCharacters length after which a text is cut
     */
    HitTexts(List<String> names, int maxCharacters, SearchExecutionContext context) {
        this.context = context;
        this.maxCharacters = maxCharacters;
        fields = names.stream().map(name -> FieldText.resolve(name, context)).toList();
        filter =
                new SourceFilter(
                        fields.stream()
                                .flatMap(field -> field.sourcePaths().stream())
                                .toArray(String[]::new),
                        null);
        storedNames =
                fields.stream()
                        .filter(FieldText::isStored)
                        .map(field -> field.type().name())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The texts of some documents.
     *
     * @param leaves all leaves of the searcher that found the documents
     * @param docs the documents' numbers, in any order
     * @param betweenDocuments called before each document; may throw to end the walk
     * @return one text per document, in the order of {@code docs}; null where there is none
     */
    String[] read(List<LeafReaderContext> leaves, int[] docs, Runnable betweenDocuments)
            throws IOException {
        String[] texts = new String[docs.length];
        int[] inDocOrder =
                IntStream.range(0, docs.length)
                        .boxed()
                        .sorted(Comparator.comparingInt(i -> docs[i]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        Leaf leaf = null;
        // a provider reads each leaf forwards and by one thread only, so every walk has its own
        SourceProvider sources = context.createSourceProvider(filter);
        for (int i : inDocOrder) {
            betweenDocuments.run();
            LeafReaderContext at = leaves.get(ReaderUtil.subIndex(docs[i], leaves));
            if (leaf == null || leaf.at != at) {
                leaf = new Leaf(at, sources);
            }
            texts[i] = leaf.text(docs[i] - at.docBase);
        }
        return texts;
    }

    /** A reader of the texts of one leaf, whose documents are asked for in ascending order. */
    Leaf leaf(LeafReaderContext at) throws IOException {
        return new Leaf(at, context.createSourceProvider(filter));
    }

    /** The texts of one leaf. */
    final class Leaf {
        private final LeafReaderContext at;
        private final SourceProvider sources;
        private final LeafStoredFieldLoader stored;

        private Leaf(LeafReaderContext at, SourceProvider sources) throws IOException {
            this.at = at;
            this.sources = sources;
            stored =
                    storedNames.isEmpty()
                            ? null
                            : StoredFieldLoader.create(false, storedNames).getLoader(at, null);
        }

        /** The text of a document of this leaf, or null if it has none. */
        String text(int doc) throws IOException {
            List<String> values = new ArrayList<>();
            var source = sources.getSource(at, doc).source();
            for (FieldText field : fields) {
                List<String> found = field.inSource(source);
                if (found.isEmpty() && field.isStored()) {
                    stored.advanceTo(doc);
                    found = field.inStored(stored.storedFields());
                }
                values.addAll(found);
            }
            return joined(values);
        }
    }

    private String joined(List<String> values) {
        String text = String.join("\n", values);
        if (text.isBlank()) {
            return null;
        }
        return text.length() <= maxCharacters ? text : cut(text);
    }

    /** Not between the two halves of a character beyond the basic plane. */
    private String cut(String text) {
        boolean split = Character.isHighSurrogate(text.charAt(maxCharacters - 1));
        return text.substring(0, split ? maxCharacters - 1 : maxCharacters);
    }
}
