package io.github.qwen3retrieval.rescore;

import org.elasticsearch.test.ESTestCase;

/** The three bands of scores. */
public class WindowScoresTests extends ESTestCase {

    private static float anyFirstStageScore() {
        return switch (between(0, 5)) {
            case 0 -> randomFloat();
            case 1 -> Math.scalb(randomFloat(), between(-140, 127));
            case 2 -> -randomFloat();
            case 3 -> randomFrom(0f, -0f, Float.NaN, Float.MIN_VALUE, Float.MAX_VALUE);
            case 4 -> randomFrom(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
            default -> 40 * randomFloat();
        };
    }

    public void testBandsDoNotOverlapAndAreNeverNegative() {
        for (int i = 0; i < 2000; i++) {
            float none = WindowScores.withoutText(anyFirstStageScore());
            float kept = WindowScores.kept(anyFirstStageScore());
            float reranked = WindowScores.reranked(randomFrom(0f, Float.MIN_VALUE, randomFloat()));
            assertTrue(none > 0);
            assertTrue(none + " < " + kept, none < kept);
            assertTrue(kept + " < " + reranked, kept < reranked);
            assertTrue(reranked <= 1);
            assertTrue(WindowScores.isKept(kept) && WindowScores.isReranked(kept) == false);
            assertFalse(WindowScores.isKept(none) || WindowScores.isReranked(none));
            assertTrue(WindowScores.isReranked(reranked));
        }
    }

    public void testProbabilitiesAreExact() {
        for (float p : new float[] {1f, 0.5f, randomFloat() + 1e-20f, 1e-28f}) {
            assertEquals(p, WindowScores.reranked(p), 0f);
        }
    }

    public void testFirstStageOrderIsKept() {
        for (int i = 0; i < 2000; i++) {
            float a = anyFirstStageScore();
            float b = anyFirstStageScore();
            if (a >= b) {
                assertTrue(WindowScores.kept(a) >= WindowScores.kept(b));
                assertTrue(WindowScores.withoutText(a) >= WindowScores.withoutText(b));
            }
            boolean apart = a > 0 && b > 0 && a > b * 1.00001f && b > 1e-35f;
            if (apart) {
                assertTrue(a + " over " + b, WindowScores.kept(a) > WindowScores.kept(b));
                assertTrue(WindowScores.withoutText(a) > WindowScores.withoutText(b));
            }
        }
    }

    public void testScoresThatSayNothingAreLowest() {
        float lowest = WindowScores.kept(0);
        for (float nothing : new float[] {Float.NaN, -1f, -0f, Float.NEGATIVE_INFINITY}) {
            assertEquals(lowest, WindowScores.kept(nothing), 0f);
        }
        assertTrue(WindowScores.kept(1e-30f) > lowest);
    }
}
