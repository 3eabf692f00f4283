"""Completion at the prompt: the script of each shell and where it goes; PowerShell in a way of our own.

The script that newer versions of click have for PowerShell splits the line as a Unix shell would, at every backslash
of a Windows path, and reads the answer in the console's own code page. This one hands the words over one a line and
reads UTF-8; where nothing is offered PowerShell completes file names by itself.
"""

from __future__ import annotations

import os
from typing import Any

import click
from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, get_completion_class

VARIABLE = "_XFKH_COMPLETE"
WHERE = {
    "bash": "存成 ~/.xfkh.bash，在 ~/.bashrc 末尾加一行：source ~/.xfkh.bash",
    "zsh": "存成 ~/.xfkh.zsh，在 ~/.zshrc 里 compinit 之后加一行：source ~/.xfkh.zsh",
    "fish": "存成 ~/.config/fish/completions/xfkh.fish",
    "powershell": "存成 xfkh.ps1，在 $PROFILE 指的文件里加一行：. 它的完整路径",
}

_POWERSHELL = """\
Register-ArgumentCompleter -Native -CommandName %(prog_name)s -ScriptBlock {
    param($word, $line, $cursor)
    $encoding = [Console]::OutputEncoding
    try {
        [Console]::OutputEncoding = [System.Text.Encoding]::UTF8
        $words = $line.CommandElements | Where-Object { $_.Extent.StartOffset -lt $cursor }
        $env:COMP_WORDS = @($words | ForEach-Object { $_.Extent.Text }) -join "`n"
        $env:COMP_CWORD = $word
        $env:%(complete_var)s = 'powershell_complete'
        %(prog_name)s | ForEach-Object {
            $value, $help = $_ -split "`t", 2
            [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $help)
        }
    } finally {
        [Console]::OutputEncoding = $encoding
        Remove-Item Env:%(complete_var)s, Env:COMP_WORDS, Env:COMP_CWORD -ErrorAction SilentlyContinue
    }
}
"""


@add_completion_class
class PowerShell(ShellComplete):
    """The words up to the cursor come one a line; each answer is a line: value, tab, what it means."""

    name = "powershell"
    source_template = _POWERSHELL

    def get_completion_args(self) -> tuple[list[str], str]:
        words = [_unquoted(each) for each in os.environ.get("COMP_WORDS", "").splitlines()]
        incomplete = _unquoted(os.environ.get("COMP_CWORD", ""))
        if incomplete and words[-1:] == [incomplete]:
            words.pop()
        return words[1:], incomplete

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        return [each for each in super().get_completions(args, incomplete) if each.type == "plain"]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        return f"{item.value}\t{' '.join((item.help or item.value).split())}"


def _unquoted(word: str) -> str:
    return word[1:-1] if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"" else word


def script(program: click.Command, shell: str) -> str:
    """What a shell must read so that it completes, with one line saying where to put it. KeyError: no such shell."""
    where, made = WHERE[shell], get_completion_class(shell)
    assert made is not None
    text = ShellComplete.source(made(program, {}, "xfkh", VARIABLE))
    return f"# {where}\n{text.strip()}"
