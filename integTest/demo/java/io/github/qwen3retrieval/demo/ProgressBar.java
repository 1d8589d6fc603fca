package io.github.qwen3retrieval.demo;

import java.io.PrintStream;
import java.util.Locale;

/**
 * How far an ingest is: a bar that is drawn anew in its line on a console, else a line every ten
 * seconds and one in the end.
 */
final class ProgressBar {

    private static final int WIDTH = 24;
    private static final double PAUSE = 10;

    private final PrintStream out;
    private final boolean live;
    private final String what;
    private final int start;
    private final int total;
    private final long begin = System.nanoTime();
    private double shown;

    /**
     * A bar that begins now.
     *
     * @param live whether the line may be overwritten
     * @param what name of the things that are counted
     * @param start how many were done before: they do not count for the rate
     * @param total how many there are in all
     */
    ProgressBar(PrintStream out, boolean live, String what, int start, int total) {
        this.out = out;
        this.live = live;
        this.what = what;
        this.start = start;
        this.total = total;
    }

    /** Shows that so many are done. */
    void show(int done) {
        double seconds = Math.max((System.nanoTime() - begin) / 1e9, 1e-3);
        if (!live && done < total && seconds - shown < PAUSE) {
            return;
        }
        shown = seconds;
        double rate = (done - start) / seconds;
        String end =
                done < total
                        ? time((total - done) / Math.max(rate, 1e-3)) + " left"
                        : "in " + time(seconds);
        int filled = (int) ((long) WIDTH * done / total);
        out.printf(
                Locale.ROOT,
                "%s  [%s%s] %,d of %,d %s, %.1f documents/s, %s%s",
                live ? "\r" : "",
                "=".repeat(filled),
                " ".repeat(WIDTH - filled),
                done,
                total,
                what,
                rate,
                end,
                // the rest of a longer line that was here before
                live && done < total ? "   " : System.lineSeparator());
        out.flush();
    }

    private static String time(double seconds) {
        long whole = Math.round(seconds);
        return whole < 60
                ? whole + " s"
                : String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
}
