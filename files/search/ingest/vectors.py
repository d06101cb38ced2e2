"""Whether a server, or an index, can be asked for nearest neighbours; said in words.

`python -m ingest.vectors --url URL --index NAME --embedding-model MODEL` looks at an index that is there already, also
one that others made. Exit status: 0 it can, 1 it cannot, or could not be looked at.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from urllib.parse import quote

from rag import knn
from rag.retrieval_settings import dimensions_of

from ingest import login
from ingest.server import IngestError, Server

FIELD = "vector"
_PLUGIN = "opensearch-knn"
_FIRST_ELASTICSEARCH = 8


def missing(server: Server) -> str:
    """Why this server cannot index vectors; "" where it can, or does not say.

    OpenSearch needs its plugin k-NN, which a minimal distribution lacks; Elasticsearch 7 stores vectors, and has no
    index of them.
    """
    engine, _space, version = server.engine().partition(" ")
    if engine != "opensearch":
        major = version.partition(".")[0]
        if major.isdecimal() and int(major) < _FIRST_ELASTICSEARCH:
            return f"Elasticsearch {version} has no index of vectors; {_FIRST_ELASTICSEARCH} and later have"
        return ""
    # 403: the login may not ask.
    listed = server.ask("GET", "/_cat/plugins?h=component&format=json", accept=(403,)).get("items")
    if listed is None or any(plugin.get("component") == _PLUGIN for plugin in listed):
        return ""
    return f"this OpenSearch lacks the plugin {_PLUGIN}"


def check(server: Server, index: str, field: str, dimensions: int) -> None:
    """Raises IngestError where the index cannot be asked for neighbours."""
    mapping = server.ask("GET", f"/{quote(index)}/_mapping")
    try:
        knn.engine_of(mapping, field, dimensions)
    except knn.NoVectorsError as error:
        raise IngestError(f"{index} cannot be asked for nearest neighbours: {error}") from error


def size_of(model_id: str, wanted: int) -> int:
    """The dimensions to use: what is wanted, or (0) the model's first offer. Raises IngestError."""
    offered = dimensions_of(model_id)
    if not wanted:
        return offered[0] if offered else 1024
    if offered and wanted not in offered:
        raise IngestError(f"{model_id} gives {', '.join(map(str, offered))} dimensions, not {wanted}")
    return wanted


def add_options(parser: argparse.ArgumentParser) -> None:
    """--embedding-model, --dimensions, --vector-field."""
    parser.add_argument("--embedding-model", default="", help="Bedrock model for dense vectors; none by default")
    parser.add_argument("--dimensions", type=int, default=0, help="of the vectors; 0: the model's own")
    parser.add_argument("--vector-field", default=FIELD)


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m ingest.vectors", description=__doc__)
    parser.add_argument("--index", required=True)
    add_options(parser)
    login.add_options(parser)
    options = parser.parse_args(arguments)
    try:
        size = size_of(options.embedding_model, options.dimensions)
        check(Server(login.connection(options)), options.index, options.vector_field, size)
    except IngestError as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 1
    print(f"{options.index}: {options.vector_field} can be asked for nearest neighbours")
    return 0


if __name__ == "__main__":
    sys.exit(main())
