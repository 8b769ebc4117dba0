"""The transcriber's loss, against Keras' own."""

import numpy as np

from duktus.lines.training.network import ctc


def test_the_loss_stays_finite() -> None:
    """What the network holds for all but impossible costs much, and no more than that; its gradient is a number."""
    import tensorflow as tf

    scores = np.zeros((1, 8, 4), np.float32)
    scores[..., 0] = 500
    target, given = np.array([[1, 2, 2, 8]], np.int32), tf.constant(scores)
    with tf.GradientTape() as tape:
        tape.watch(given)
        loss = ctc(0.0, 4)(target, given)
    assert 20 < float(loss) < 1000
    assert np.isfinite(tape.gradient(loss, given).numpy()).all()


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
