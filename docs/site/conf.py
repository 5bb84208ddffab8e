"""How Sphinx makes the site of the repository's documents, notebooks and API comments (`npm run docs`).

kernel/dev/docs.mjs lays out the sources: the repository's own files under their own paths, so that links which
work in the repository work on the site, and the API pages in api/.
"""

project = "tsloop"
author = "the tsloop contributors"
copyright = author  # Sphinx's own name for it

root_doc = "docs/site/index"
extensions = ["myst_nb"]

# The outputs that are stored in the notebooks are shown; nothing is run.
nb_execution_mode = "off"
nb_merge_streams = True

myst_enable_extensions = ["colon_fence", "dollarmath"]
# `#headings` may be linked as on the pages of a repository.
myst_heading_anchors = 4

html_theme = "sphinx_book_theme"
html_title = "tsloop"
html_logo = "../../kernel/assets/logo-64x64.png"
html_theme_options = {"show_toc_level": 2, "use_download_button": True}

# Pygments' lexer for TypeScript knows no `!` lines and magics. Charts that JupyterLab draws are their text here.
suppress_warnings = ["misc.highlighting_failure", "mystnb.unknown_mime_type"]

# `npm run docs -- --external` asks each address on the internet.
linkcheck_timeout = 20
linkcheck_retries = 2
