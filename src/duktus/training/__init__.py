"""From a recipe to a model file; the only folder that needs Keras (the extra 'train')."""
