package io.github.qwen3retrieval.models.cli;

import io.github.qwen3retrieval.models.hub.Progress;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Progress of files on standard error: one line that is rewritten where that is a terminal, else a
 * line per file and tenth.
 */
final class ConsoleProgress implements Progress {

    private final StatusLine status;
    private String name = "";
    private long total;
    private long start;
    private long startedAt;
    private long tenths;

    ConsoleProgress(PrintWriter err) {
        status = new StatusLine(err);
    }

    @Override
    public void file(String file, long done, long bytes) {
        done();
        name = file;
        total = bytes;
        start = done;
        startedAt = System.nanoTime();
        tenths = bytes > 0 ? done * 10 / bytes : 0;
        if (status.terminal() == false) {
            status.print(name + ": " + megabytes(done) + " of " + megabytes(bytes));
        }
    }

    @Override
    public void bytes(long done) {
        long now = System.nanoTime();
        if (status.terminal()) {
            if (done == total || status.due(now)) {
                status.draw(line(done, now), now);
            }
        } else if (total > 0 && done * 10 / total > tenths) {
            tenths = done * 10 / total;
            status.print(name + ": " + tenths * 10 + " %, " + speed(done, now));
        }
    }

    @Override
    public void note(String line) {
        done();
        status.print(line);
    }

    /** Ends the line that is being rewritten. */
    void done() {
        status.end();
        name = "";
    }

    private String line(long done, long now) {
        if (total <= 0) {
            return name + " " + megabytes(done);
        }
        return name
                + " "
                + StatusLine.bar(done, total)
                + " "
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
