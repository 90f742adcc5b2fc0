"""One result -> terminal, Markdown, JUnit XML, HTML."""
