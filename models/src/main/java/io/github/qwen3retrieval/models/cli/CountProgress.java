package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.evaluate.Meter;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Progress of counted work on standard error: one line that is rewritten where that is a terminal,
 * else a line at the beginning, at the end, and each half minute between.
 */
final class CountProgress implements Meter {

    private static final long LINE_NANOS = 30_000_000_000L;

    private final StatusLine status;
    private String what = "";
    private String unit = "";
    private long total;
    private long start;
    private long startedAt;
    private long toldAt;

    CountProgress(PrintWriter err) {
        status = new StatusLine(err);
    }

    @Override
    public void begin(String work, String counted, long done, long of) {
        end();
        what = work;
        unit = counted;
        start = done;
        total = of;
        startedAt = System.nanoTime();
        toldAt = startedAt;
        if (status.terminal() == false) {
            status.print(what + ": " + done + " of " + of + " " + unit + " done");
        }
    }

    @Override
    public void done(long count) {
        long now = System.nanoTime();
        boolean last = count >= total;
        if (status.terminal()) {
            if (last || status.due(now)) {
                status.draw(line(count) + ", " + speed(count, now), now);
            }
        } else if (last || now - toldAt > LINE_NANOS) {
            toldAt = now;
            status.print(what + ": " + count + " of " + total + ", " + speed(count, now));
        }
    }

    @Override
    public void note(String line) {
        status.print(line);
    }

    /** Ends the line that is being rewritten. */
    void end() {
        status.end();
    }

    private String line(long count) {
        return what
                + " "
                + StatusLine.bar(count, total)
                + " "
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
