"""Lines composed of what people wrote: numbers and passages, on what real ones stand on."""
