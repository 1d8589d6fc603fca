package io.github.qwen3retrieval.models.serving;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.FilesStamp;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Watches the files of an open model. A folder that is replaced as a whole, or removed, does it no
 * harm: the files that it has mapped live on. A file that is written to changes the weights under
 * it, so from then on it gives no answers.
 */
final class FilesWatch {

    private static final long INTERVAL_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Path folder;
    private final FilesStamp opened;
    private final FilesStamp mapped;
    private final AtomicLong looked = new AtomicLong(System.nanoTime());
    private volatile String writtenTo;

    /**
     * A watch over files that were like this when they were opened.
     *
     * @param opened the files that were read, of which those with tensors are mapped
     */
    FilesWatch(Path folder, FilesStamp opened) {
        this.folder = folder;
        this.opened = opened;
        this.mapped = opened.endingIn(".safetensors");
    }

    /**
     * Looks at the files, ten times a second at most.
     *
     * @throws ModelException if one was written to since the model was opened
     */
    void check() {
        long now = System.nanoTime();
        long last = looked.get();
        if (now - last >= INTERVAL_NANOS && looked.compareAndSet(last, now)) {
            look();
        }
        if (writtenTo != null) {
            throw new ModelException(fault());
        }
    }

    private void look() {
        if (writtenTo == null) {
            writtenTo = mapped.writtenTo(mapped.again(folder));
        }
    }

    private String fault() {
        return "file ["
                + writtenTo
                + "] of model ["
                + folder.getFileName()
                + "] was changed in place while the model was open; put checkpoints there as whole"
                + " folders, by renaming them, and reload the model";
    }

    /** What is to be said of the files now, or null if they are as they were. Looks at them. */
    String note() {
        look();
        if (writtenTo != null) {
            return fault();
        }
        FilesStamp now = opened.again(folder);
        if (now.equals(opened)) {
            return null;
        }
        return now.files().isEmpty()
                ? "its folder is gone; what is open goes on until the node ends"
                : "its folder holds other files than those that are open; reload the model to use"
                        + " them";
    }
}
