"""The formula language: parse once; evaluate exactly; write as Excel; read out in Chinese."""

from .parse import bind, formula, parse
from .tree import FormulaError, MismatchError, Node, Symbol, Vocabulary, refs

__all__ = ["FormulaError", "MismatchError", "Node", "Symbol", "Vocabulary", "bind", "formula", "parse", "refs"]
