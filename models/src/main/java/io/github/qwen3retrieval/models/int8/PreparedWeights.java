package io.github.qwen3retrieval.models.int8;

import io.github.qwen3retrieval.models.ModelException;
import io.github.qwen3retrieval.models.checkpoint.Checkpoint;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the matrices of a checkpoint as 8-bit integers: kept ones, or else freshly made. */
public final class PreparedWeights {

    private static final Logger logger = LoggerFactory.getLogger(PreparedWeights.class);

    private PreparedWeights() {}

    /**
     * The matrices that are kept beside a checkpoint. If there are none that fit, they are made
     * and, where the folder can be written to, kept for the next time.
     *
     * @param checkpoint open, and kept open as long as matrices are asked for
     */
    public static Int8Matrices of(Checkpoint checkpoint) {
        PreparedFile file = new PreparedFile(checkpoint);
        if (file.exists()) {
            try {
                return file.read();
            } catch (ModelException e) {
                logger.info("int8 weights are prepared anew: {}", e.getMessage());
            }
        }
        Preparation preparation = new Preparation(checkpoint);
        try {
            file.write(preparation);
            return file.read();
        } catch (IOException | RuntimeException e) {
            // a node's rights may end in more ways than one; none of them stops the model
            logger.info(
                    "int8 weights of model [{}] are not kept, each opening prepares them: [{}]"
                            + " cannot be written: {}; run [qwen3 prepare FOLDER] as a user who may"
                            + " write there",
                    checkpoint.modelId(),
                    file.path(),
                    e.toString());
            return preparation;
        }
    }
}
