"""The transcriber's loss, against Keras' own."""

import numpy as np

from duktus.lines.training.network import ctc


def test_the_loss_is_keras_own() -> None:
    """TensorFlow's older operation gives what ``keras.ops.ctc_loss`` does, empty texts and short strips too."""
    from keras import ops

    rng = np.random.default_rng(0)
    scores = rng.normal(size=(5, 20, 7)).astype(np.float32)
    texts = rng.integers(1, 7, (5, 6)).astype(np.int32)
    counts, steps = np.array([6, 3, 0, 1, 4], np.int32), np.array([20, 15, 12, 20, 18], np.int32)
    target = np.concatenate([texts, counts[:, None], steps[:, None]], axis=1)
    own = np.asarray(ops.ctc_loss(texts, scores, counts, steps, mask_index=0)).sum() / (counts + 1).sum()
    both = np.concatenate([scores, scores], axis=-1)
    np.testing.assert_allclose(float(ctc(0.0, 7)(target, scores)), own, rtol=1e-5)
    np.testing.assert_allclose(float(ctc(0.5, 7)(target, both)), 1.5 * own, rtol=1e-5)
