package io.github.qwen3retrieval.models.tokenizer;

import io.github.qwen3retrieval.models.ModelException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The tokenizer of a checkpoint.
 *
 * <p>Users' text is data: {@code <|im_end|>} in a document is encoded as the characters that it is,
 * not as the token that would end the user's turn. Only our own templates are given the special
 * tokens. Safe for use by many threads; {@link #close()} frees the native memory.
 */
public final class Qwen3Tokenizer implements AutoCloseable {

    private static final int[] NONE = {};

    private final Path file;
    private final TokenizerFile contents;
    private final NativeEncoder encoder;
    private final Pattern addedTokens;
    private final int endOfText;
    private final TextHead head = new TextHead(this::encode, TextHead.MIN_CHARS);

    private Qwen3Tokenizer(Path file, TokenizerFile contents, NativeEncoder encoder) {
        this.file = file;
        this.contents = contents;
        this.encoder = encoder;
        this.addedTokens = anyOf(contents.addedTokens());
        this.endOfText = require(contents.addedTokens(), TokenizerFile.END_OF_TEXT);
    }

    /**
     * Opens a tokenizer.json. The native library must have been made known before, see {@link
     * io.github.qwen3retrieval.models.natives.Natives#prepare()}.
     *
     * @throws ModelException if the file is missing, damaged or of another family
     */
    public static Qwen3Tokenizer open(Path tokenizerJson) {
        return open(TokenizerText.read(tokenizerJson));
    }

    /**
     * The same of a tokenizer.json that was read.
     *
     * @throws ModelException if it is of another family
     */
    public static Qwen3Tokenizer open(TokenizerText text) {
        NativeEncoder encoder = encoder(text);
        try {
            return new Qwen3Tokenizer(text.file(), text.contents(), encoder);
        } catch (RuntimeException e) {
            encoder.close();
            throw e;
        }
    }

    /**
     * Ids of a user's text, every character of it taken as plain text. Nothing is added or cut.
     * Half a surrogate pair is read as U+FFFD, as it has no encoding.
     *
     * @throws ModelException if the tokenizer cannot: its file is damaged in a way that does not
     *     show before
     * @throws IllegalStateException if the tokenizer is closed
     */
    public int[] encode(String text) {
        if (text.isEmpty()) {
            return NONE;
        }
        try {
            return encoder.encode(wellFormed(text));
        } catch (IllegalStateException closed) {
            throw closed;
        } catch (RuntimeException e) {
            throw new ModelException(
                    "["
                            + file
                            + "] cannot encode a text of ["
                            + text.length()
                            + "] characters: "
                            + e.getMessage()
                            + "; copy it again from the model's repository",
                    e);
        }
    }

    /**
     * The first ids of a user's text: as many as are wanted or more, unless it has fewer. What this
     * takes is bounded by what is wanted, however long the text.
     */
    int[] encodeHead(String text, int wanted) {
        return head.encode(text, wanted);
    }

    /** Ids of one of our own templates, whose special tokens are taken as such. */
    int[] encodeTemplate(String template) {
        IntStream.Builder ids = IntStream.builder();
        Matcher matcher = addedTokens.matcher(template);
        int end = 0;
        while (matcher.find()) {
            add(encode(template.substring(end, matcher.start())), ids);
            ids.add(contents.addedTokens().get(matcher.group()));
            end = matcher.end();
        }
        add(encode(template.substring(end)), ids);
        return ids.build().toArray();
    }

    /** Id of {@code <|endoftext|>}, which ends every text that is embedded. */
    public int endOfText() {
        return endOfText;
    }

    /** Id of the reranker's answer {@code yes}. */
    public int yes() {
        return require(contents.words(), "yes");
    }

    /** Id of the reranker's answer {@code no}. */
    public int no() {
        return require(contents.words(), "no");
    }

    /** Frees the native memory, once no thread encodes any more. */
    @Override
    public void close() {
        encoder.close();
    }

    private static NativeEncoder encoder(TokenizerText text) {
        try {
            return new NativeEncoder(text.plainJson());
        } catch (RuntimeException e) {
            throw new ModelException(
                    "["
                            + text.file()
                            + "] was refused by the tokenizers library: "
                            + e.getMessage()
                            + "; copy it again from the model's repository",
                    e);
        }
    }

    private int require(Map<String, Integer> ids, String token) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new ModelException(
                    "["
                            + file
                            + "] has no token ["
                            + token
                            + "]: it is not of Qwen3; copy it again from the model's repository");
        }
        return id;
    }

    /** The longest one first, as the tokenizers library matches them. */
    private static Pattern anyOf(Map<String, Integer> tokens) {
        return Pattern.compile(
                tokens.keySet().stream()
                        .sorted(Comparator.comparing(String::length).reversed())
                        .map(Pattern::quote)
                        .collect(Collectors.joining("|")));
    }

    private static void add(int[] ids, IntStream.Builder to) {
        for (int id : ids) {
            to.add(id);
        }
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return new String(
                        text.codePoints().map(Qwen3Tokenizer::scalar).toArray(),
                        0,
                        (int) text.codePoints().count());
            }
        }
        return text;
    }

    /** A code point that is no character of its own becomes the replacement character. */
    private static int scalar(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE
                ? 0xFFFD
                : codePoint;
    }
}
