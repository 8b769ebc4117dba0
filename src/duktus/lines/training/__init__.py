"""The task line-transcriber: what it learns from, its network, its fit and its export."""
