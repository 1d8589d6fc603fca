package io.github.qwen3retrieval.plugin.v1;

/** A body that is not understood. The message says what is wrong with which member. */
final class BodyException extends IllegalArgumentException {

    private final String member;

    /**
     * Without the name, which the message begins with.
     *
     * @param rule what the member must be, and what it is
     */
    BodyException(String member, String rule) {
        super("[" + member + "] " + rule);
        this.member = member;
    }

    /** The member that is wrong. */
    String member() {
        return member;
    }
}
