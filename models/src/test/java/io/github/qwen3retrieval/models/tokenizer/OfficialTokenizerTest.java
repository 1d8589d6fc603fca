package io.github.qwen3retrieval.models.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checksums are those of the files on Hugging Face, see NOTICE.txt beside the resource. */
class OfficialTokenizerTest {

    @TempDir Path temp;

    @Test
    void rerankersTokenizerIsThePublishedFile() throws Exception {
        Path file = temp.resolve("tokenizer.json");
        OfficialTokenizer.writeReranker(file);
        assertEquals(
                "aeb13307a71acd8fe81861d94ad54ab689df773318809eed3cbe794b4492dae4", sha256(file));
        assertFalse(TokenizerFile.read(file).appendsEndOfText());
    }

    @Test
    void embeddingTokenizerIsThePublishedFile() throws Exception {
        Path file = temp.resolve("tokenizer.json");
        OfficialTokenizer.writeEmbedding(file);
        assertEquals(
                "def76fb086971c7867b829c23a26261e38d9d74e02139253b38aeb9df8b4b50a", sha256(file));
        assertTrue(TokenizerFile.read(file).appendsEndOfText());
    }

    private static String sha256(Path file) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
        return HexFormat.of().formatHex(digest);
    }
}
