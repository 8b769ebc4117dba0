"""Lines of writing with their texts, as people and publishers keep them."""
