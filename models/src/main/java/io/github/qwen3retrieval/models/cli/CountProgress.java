package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.evaluate.Meter;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Progress of counted work on standard error: one line that is rewritten where that is a terminal,
 * else a line at the beginning, at the end, and each half minute between.
 */
final class CountProgress implements Meter {

    private static final int BAR = 24;
    private static final long REDRAW_NANOS = 200_000_000L;
    private static final long LINE_NANOS = 30_000_000_000L;

    private final PrintWriter err;
    private final boolean terminal = Boolean.getBoolean(ConsoleProgress.TERMINAL);
    private String what = "";
    private String unit = "";
    private long total;
    private long start;
    private long startedAt;
    private long drawnAt;
    private boolean drawn;

    CountProgress(PrintWriter err) {
        this.err = err;
    }

    @Override
    public void begin(String work, String counted, long done, long of) {
        end();
        what = work;
        unit = counted;
        start = done;
        total = of;
        startedAt = System.nanoTime();
        drawnAt = startedAt;
        if (terminal == false) {
            err.println(what + ": " + done + " of " + of + " " + unit + " done");
            err.flush();
        }
    }

    @Override
    public void done(long count) {
        long now = System.nanoTime();
        if (count < total && now - drawnAt < (terminal ? REDRAW_NANOS : LINE_NANOS)) {
            return;
        }
        drawnAt = now;
        if (terminal) {
            drawn = true;
            err.print("\r" + bar(count) + ", " + speed(count, now) + "\u001b[K");
        } else {
            err.println(what + ": " + count + " of " + total + ", " + speed(count, now));
        }
        err.flush();
    }

    @Override
    public void note(String line) {
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

    private String bar(long count) {
        int filled = (int) (count * BAR / total);
        return what
                + " ["
                + "#".repeat(filled)
                + " ".repeat(BAR - filled)
                + "] "
                + count
                + " of "
                + total
                + " "
                + unit;
    }

    private String speed(long count, long now) {
        double rate = (count - start) / Math.max(1e-3, (now - startedAt) / 1e9);
        String speed = String.format(Locale.ROOT, "%.1f %s/s", rate, unit);
        if (count >= total || rate <= 0) {
            return speed;
        }
        long left = (long) ((total - count) / rate);
        return speed
                + (left < 120 ? ", " + left + " s left" : ", " + (left + 30) / 60 + " min left");
    }
}
