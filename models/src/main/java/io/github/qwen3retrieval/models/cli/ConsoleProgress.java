package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.hub.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Progress on standard error: one line that is rewritten where that is a terminal, else a line per
 * file and tenth. The launcher says which by the system property {@value #TERMINAL}.
 */
final class ConsoleProgress implements Progress {

    static final String TERMINAL = "qwen3.terminal";

    private static final int BAR = 30;
    private static final long REDRAW_NANOS = 200_000_000;

    private final PrintWriter err;
    private final boolean terminal = Boolean.getBoolean(TERMINAL);
    private String name = "";
    private long total;
    private long start;
    private long startedAt;
    private long drawnAt;
    private long tenths;

    ConsoleProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void file(String file, long done, long bytes) {
        done();
        name = file;
        total = bytes;
        start = done;
        startedAt = System.nanoTime();
        tenths = bytes > 0 ? done * 10 / bytes : 0;
        if (terminal == false) {
            err.println(name + ": " + megabytes(done) + " of " + megabytes(bytes));
        }
    }

    @Override
    public void bytes(long done) {
        long now = System.nanoTime();
        boolean complete = done == total;
        if (terminal) {
            if (complete || now - drawnAt > REDRAW_NANOS) {
                drawnAt = now;
                err.print("\r" + line(done, now) + "\u001b[K");
                err.flush();
            }
        } else if (total > 0 && done * 10 / total > tenths) {
            tenths = done * 10 / total;
            err.println(name + ": " + tenths * 10 + " %, " + speed(done, now));
        }
    }

    @Override
    public void note(String line) {
        done();
        err.println(line);
        err.flush();
    }

    /** Ends the line that is being rewritten. */
    void done() {
        if (terminal && name.isEmpty() == false) {
            err.println();
            err.flush();
        }
        name = "";
    }

    private String line(long done, long now) {
        if (total <= 0) {
            return name + " " + megabytes(done);
        }
        int filled = (int) (done * BAR / total);
        return name
                + " ["
                + "#".repeat(filled)
                + " ".repeat(BAR - filled)
                + "] "
                + done * 100 / total
                + " % of "
                + megabytes(total)
                + ", "
                + speed(done, now);
    }

    private String speed(long done, long now) {
        double seconds = Math.max(1e-3, (now - startedAt) / 1e9);
        double rate = (done - start) / seconds;
        String speed = megabytes((long) rate) + "/s";
        return done < total && rate > 0
                ? speed + ", " + (long) ((total - done) / rate) + " s left"
                : speed;
    }

    private static String megabytes(long bytes) {
        return bytes < 0 ? "?" : String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }
}
