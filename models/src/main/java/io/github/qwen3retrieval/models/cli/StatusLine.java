package io.github.qwen3retrieval.models.cli;

import java.io.PrintWriter;

/**
 * A line of progress on standard error that is rewritten as work goes on, where that is a terminal.
 * The launcher says whether it is by the system property {@value #TERMINAL}.
 */
final class StatusLine {

    static final String TERMINAL = "qwen3.terminal";

    private static final int BAR = 24;
    private static final long REDRAW_NANOS = 200_000_000;

    private final PrintWriter err;
    private final boolean terminal = Boolean.getBoolean(TERMINAL);
    private long drawnAt;
    private boolean drawn;

    StatusLine(PrintWriter err) {
        this.err = err;
    }

    /** Whether lines can be rewritten; else each stays, and there should be few. */
    boolean terminal() {
        return terminal;
    }

    /** Whether there is no line, or it has stood long enough to be read. */
    boolean due(long now) {
        return drawn == false || now - drawnAt > REDRAW_NANOS;
    }

    /** Puts this in place of what was drawn last. */
    void draw(String line, long now) {
        drawnAt = now;
        drawn = true;
        // carriage return, and erase to the end of the line
        err.print("\r" + line + "\u001b[K");
        err.flush();
    }

    /** Prints a line that stays. */
    void print(String line) {
        end();
        err.println(line);
        err.flush();
    }

    /** Ends the line that is being rewritten. */
    void end() {
        if (drawn) {
            err.println();
            err.flush();
        }
        drawn = false;
    }

    /** A bar that is filled as far as the work is done; {@code total} is positive. */
    static String bar(long done, long total) {
        int filled = (int) (done * BAR / total);
        return "[" + "#".repeat(filled) + " ".repeat(BAR - filled) + "]";
    }
}
