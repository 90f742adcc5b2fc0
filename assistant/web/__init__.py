"""The notes as a page in the browser: Gradio behind a gate of our own, everything drawn by our one renderer."""
