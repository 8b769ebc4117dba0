"""How the page segmenter is trained: composed pages with exact truth, the network, its fit and its export."""
