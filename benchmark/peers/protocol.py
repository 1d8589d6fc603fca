"""The lines that a peer reads and writes, one JSON object each.

Out: {"ready": true}. In: {"texts": [...]} or {"query": "...", "texts": [...]}. Out: {"seconds": s, "vectors": [...]} or
{"seconds": s, "scores": [...]}. The seconds are those of the whole request, from texts to numbers; JSON is not in them.
"""

import json
import sys
import time


def answer(embed=None, rerank=None):
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        start = time.perf_counter()
        if "query" in request:
            reply = {"scores": rerank(request["query"], request["texts"])}
        else:
            reply = {"vectors": embed(request["texts"])}
        reply["seconds"] = time.perf_counter() - start
        print(json.dumps(reply), flush=True)
