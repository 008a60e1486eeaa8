"""What the loop trains (learner.py): a module each.

lazy         a LazyDiffusion of any architecture, on WebDataset shards: `train model`
scenes       the same on rendered scenes, with Muon: `train lazy`, `image`, `crop`, `bundled`
autoencoder  the bundled autoencoder, on crops of scenes: `train autoencoder`

The judge's is in evaluation/judge_trainer.py.
"""
