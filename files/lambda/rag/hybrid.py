"""Words and meaning: the search by words, joined with the nearest vectors by reciprocal rank fusion.

Whatever is wrong with the vectors (no model in time, an index without them) costs that part only: the answer comes
from the words alone, and the log says `knn_left_out` with the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from rag import fusion, knn, log
from rag.aws_errors import AwsError, code_of
from rag.clock import Deadline
from rag.domain import Passage
from rag.embeddings import EmbeddingError, InvokeClient, embed
from rag.errors import SearchTimeoutError, SearchUnavailableError
from rag.retrieval_settings import VectorSettings
from rag.search import SearchRetriever

_LEAST_SECONDS = 0.2


class HybridRetriever:
    """The Retriever port. `words` hands on as many candidates as are worth fusing; at most `size` are found.

    `client` makes the client of bedrock-runtime; its time limits are VectorSettings.timeout_seconds.
    """

    def __init__(
        self, words: SearchRetriever, settings: VectorSettings, size: int, client: Callable[[], InvokeClient]
    ) -> None:
        self._words, self._settings, self._size = words, settings, size
        self._make_client = client
        self._client: InvokeClient | None = None

    def retrieve(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        """The Retriever port. Words first: where search is down, no vector is paid for."""
        by_words = self._words.retrieve(query, groups, deadline)
        by_meaning = self._nearest(query, groups, deadline)
        return fusion.reciprocal_ranks((by_words, by_meaning), self._settings.rrf_k)[: self._size]

    def _nearest(self, query: str, groups: frozenset[str], deadline: Deadline) -> tuple[Passage, ...]:
        settings = self._settings
        try:
            engine = knn.engine_of(self._words.mapping(deadline), settings.field, settings.dimensions)
            if deadline.remaining() < settings.timeout_seconds + _LEAST_SECONDS:
                return _without("no time left")
            build = partial(
                knn.request,
                engine=engine,
                field=settings.field,
                vector=self._vector(query),
                size=settings.candidates,
                min_score=settings.min_score,
            )
            return self._words.ask(build, groups, deadline)
        except (knn.NoVectorsError, EmbeddingError) as error:
            return _without(str(error))
        except (SearchUnavailableError, SearchTimeoutError) as error:
            return _without(error.reason)
        except AwsError as error:
            return _without(f"{settings.model_id}: {code_of(error)}")

    def _vector(self, query: str) -> list[float]:
        if self._client is None:
            self._client = self._make_client()
        return embed(self._client, self._settings.model_id, [query], "search_query", self._settings.dimensions)[0]


def _without(reason: str) -> tuple[Passage, ...]:
    log.warning("knn_left_out", reason=reason)
    return ()
