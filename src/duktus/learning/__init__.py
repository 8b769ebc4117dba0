"""From a recipe and a task to a model file; the only room that imports Keras (the extra 'train')."""
