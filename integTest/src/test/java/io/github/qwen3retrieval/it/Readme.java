package io.github.qwen3retrieval.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The README as the tests read it: its requests and its tables. */
record Readme(String text) {

    private static final Pattern BLOCK =
            Pattern.compile("^```console\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

    private static final Pattern REQUEST =
            Pattern.compile(
                    "^(GET|PUT|POST|DELETE) (\\S+)\\n(.*?)(?=^(?:GET|PUT|POST|DELETE) |\\z)",
                    Pattern.MULTILINE | Pattern.DOTALL);

    /**
     * One request of a console block.
     *
     * @param body empty where there is none
     */
    record ConsoleRequest(String method, String path, String body) {

        boolean isSearch() {
            return path.endsWith("/_search");
        }
    }

    /** The one at the top of the checkout. */
    static Readme read() throws IOException {
        return new Readme(
                Files.readString(Path.of(System.getProperty("it.checkout"), "README.md")));
    }

    /** All requests of all console blocks, in their order. */
    List<ConsoleRequest> requests() {
        List<ConsoleRequest> requests = new ArrayList<>();
        BLOCK.matcher(text)
                .results()
                .forEach(
                        block -> {
                            Matcher request = REQUEST.matcher(block.group(1));
                            while (request.find()) {
                                requests.add(
                                        new ConsoleRequest(
                                                request.group(1),
                                                request.group(2),
                                                request.group(3).strip()));
                            }
                        });
        return requests;
    }

    /** The cells, without back quotes, of the rows of the table under a heading. */
    List<List<String>> table(String heading) {
        String section = text.substring(text.indexOf("\n## " + heading + "\n") + 1);
        int end = section.indexOf("\n## ", 1);
        return section.substring(0, end < 0 ? section.length() : end)
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> List.of(line.substring(2).replace("`", "").split(" \\| ")))
                .toList();
    }
}
