//! The cataloger `machine-learning-models`: the beginnings of models.

#![no_main]

linchpin_fuzz::cataloger_target! {
    "machine-learning-models":
    "a.gguf",
    "a.safetensors",
    "a.onnx",
    "a.pt",
    "a.pkl",
    "models--a--b/snapshots/c/README.md",
}
