"""The hub app: the county receives, decides, reconciles and publishes."""
