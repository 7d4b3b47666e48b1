"""What happened and what came of it, page by page. A view asks the QuerySets, names the nouns and renders."""
