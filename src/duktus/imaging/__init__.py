"""Pixels to arrays: pure functions on numpy and OpenCV; the only state is the file that an image is read from."""
