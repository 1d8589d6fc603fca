import { createRoot } from "react-dom/client";
import { ErrorBoundary, Paging, PagingInfo, Results, SearchBox, SearchProvider, WithSearch } from "@elastic/react-search-ui";
import "@elastic/react-search-ui-views/lib/styles/styles.css";
import { connector } from "./connector.js";

function Result({ result }) {
  return (
    <li data-id={result.id.raw}>
      <p>{result._meta.rawHit._score.toFixed(4)}</p>
      <p>{result.text.raw}</p>
    </li>
  );
}

function App({ config }) {
  return (
    <SearchProvider config={config}>
      <WithSearch mapContextToProps={({ wasSearched }) => ({ wasSearched })}>
        {({ wasSearched }) => (
          <main>
            <SearchBox inputProps={{ placeholder: "Ask something", "aria-label": "Query" }} />
            <ErrorBoundary>
              {wasSearched && <PagingInfo />}
              <Results resultView={Result} />
              {wasSearched && <Paging />}
            </ErrorBoundary>
          </main>
        )}
      </WithSearch>
    </SearchProvider>
  );
}

// the demo's server says which models and indices there are, and hands searches on to the node
const demo = await (await fetch("/demo.json")).json();
const config = {
  apiConnector: connector(window.location.origin, demo.collections[0].index, demo),
  alwaysSearchOnInitialLoad: false,
  searchQuery: { search_fields: { text: {} }, result_fields: { text: { raw: {} } } },
  initialState: { resultsPerPage: 10 },
};
createRoot(document.getElementById("app")).render(<App config={config} />);
