package io.github.qwen3retrieval.models.serving;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a question to a model comes to: the SHA-256 of its parts. Caches hold these and no texts, so
 * that a text is found by those alone who have it already.
 */
record CacheKey(long first, long second, long third, long fourth) {

    /** Parts of a question, each told from the next by its length. */
    static final class Parts {

        private static final int CHUNK_CHARS = 2048;

        private final MessageDigest digest;

        Parts() {
            this(sha256());
        }

        private Parts(MessageDigest digest) {
            this.digest = digest;
        }

        private static MessageDigest sha256() {
            try {
                return MessageDigest.getInstance("SHA-256");
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("every JDK has SHA-256", e);
            }
        }

        /** The same parts so far, to be gone on with on their own. */
        Parts copy() {
            try {
                return new Parts((MessageDigest) digest.clone());
            } catch (CloneNotSupportedException e) {
                throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
            }
        }

        Parts add(long number) {
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
            return this;
        }

        /** Adds a text or null, char by char: no two texts become one by an encoding. */
        Parts add(String text) {
            add(text == null ? -1 : text.length());
            if (text == null) {
                return this;
            }
            ByteBuffer bytes = ByteBuffer.allocate(CHUNK_CHARS * Character.BYTES);
            CharBuffer chars = bytes.asCharBuffer();
            for (int i = 0; i < text.length(); i += CHUNK_CHARS) {
                int end = Math.min(text.length(), i + CHUNK_CHARS);
                chars.clear().put(text, i, end);
                digest.update(bytes.clear().limit((end - i) * Character.BYTES));
            }
            return this;
        }

        /** The key; nothing can be added any more. */
        CacheKey key() {
            ByteBuffer hash = ByteBuffer.wrap(digest.digest());
            return new CacheKey(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
        }
    }
}
