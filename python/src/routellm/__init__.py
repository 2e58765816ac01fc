"""Evaluates, compares, calibrates and uses LLM routers on data frames.

A strong model is expensive and good, a weak one cheap and less good. A router gives each prompt a
score, and the strong model answers the prompts whose score is at or above a threshold. Of each prompt
in a data frame, both models' qualities say what routing would have done:

    import routellm
    result = routellm.eval(df, strong="gpt-4o", weak="llama-3-8b", scores="my_score")
    result.to_frame()

Data frames are those of pandas, polars, pyarrow and whatever else narwhals reads; results are data
frames of the same library. All numbers come from the program routellm, which this package contains.
"""

from typing import TYPE_CHECKING, Any

from ._program import Error, RoutellmWarning, program

if TYPE_CHECKING:
    from ._api import calibrate, compare, eval, route
    from ._results import Calibration, Comparison, Result

__all__ = [
    "Calibration",
    "Comparison",
    "Error",
    "Result",
    "RoutellmWarning",
    "calibrate",
    "compare",
    "eval",
    "program",
    "route",
]


def __getattr__(name: str) -> Any:
    # The command routellm imports this package too, and shall not wait for pyarrow.
    if name in __all__:
        from . import _api, _results

        return getattr(_api if hasattr(_api, name) else _results, name)
    if name == "__version__":
        from importlib.metadata import version

        return version("routellm")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
